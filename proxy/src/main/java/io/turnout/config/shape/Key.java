package io.turnout.config.shape;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A key of a record in the file: its name, what its value looks like, what stands for an absent one, and what it means.
 * Immutable.
 *
 * @param <R> the record
 * @param <V> the value
 */
public final class Key<R, V> {
    /** What becomes of a record that is written without the key. */
    enum Presence {
        REQUIRED,
        DEFAULTED,
        OPTIONAL
    }

    private final String name;
    private final Shape<V> shape;
    private final Function<R, @Nullable V> accessor;
    private final Presence presence;
    private final BiFunction<Place, String, Located> byDefault;
    private final String doc;

    private Key(Draft<R, V> draft, Presence presence, BiFunction<Place, String, Located> byDefault, String doc) {
        this.name = draft.name;
        this.shape = draft.shape;
        this.accessor = draft.accessor;
        this.presence = presence;
        this.byDefault = byDefault;
        this.doc = doc;
    }

    /** A key that is not yet finished: {@link #doc} makes it part of its record. */
    public static final class Draft<R, V> {
        private final RecordShape.Draft<R> record;
        private final String name;
        private final Shape<V> shape;
        private final Function<R, @Nullable V> accessor;
        private Presence presence = Presence.REQUIRED;
        private BiFunction<Place, String, Located> byDefault = (place, path) -> {
            throw new AssertionError("no default");
        };

        Draft(RecordShape.Draft<R> record, String name, Shape<V> shape, Function<R, @Nullable V> accessor) {
            this.record = record;
            this.name = name;
            this.shape = shape;
            this.accessor = accessor;
        }

        /** Absent stands for null. */
        public Draft<R, V> optional() {
            presence = Presence.OPTIONAL;
            return this;
        }

        /** Absent stands for this scalar, as it would be written. */
        public Draft<R, V> byDefault(String scalar) {
            return byDefault((place, path) -> new Located.Scalar(place, path, scalar, Located.Style.FREE));
        }

        /** Absent stands for the list of these scalars. */
        public Draft<R, V> byDefaultList(String... scalars) {
            return byDefault((place, path) -> new Located.Items(
                    place,
                    path,
                    List.of(scalars).stream()
                            .<Located>map(s -> new Located.Scalar(place, path, s, Located.Style.FREE))
                            .toList()));
        }

        /** Absent stands for the empty mapping: for a record, all its own defaults. */
        public Draft<R, V> byDefaultNone() {
            return byDefault((place, path) -> new Located.Entries(place, path, List.of()));
        }

        private Draft<R, V> byDefault(BiFunction<Place, String, Located> value) {
            presence = Presence.DEFAULTED;
            byDefault = value;
            return this;
        }

        /** Finishes the key with what it means, in sentences of Markdown. */
        public Key<R, V> doc(String text) {
            var key = new Key<>(this, presence, byDefault, text);
            record.add(key);
            return key;
        }
    }

    public String name() {
        return name;
    }

    /** What the value looks like. */
    public Shape<V> shape() {
        return shape;
    }

    /** What it means, in sentences of Markdown. */
    public String doc() {
        return doc;
    }

    boolean isRequired() {
        return presence == Presence.REQUIRED;
    }

    boolean isOptional() {
        return presence == Presence.OPTIONAL;
    }

    boolean isDefaulted() {
        return presence == Presence.DEFAULTED;
    }

    /** What stands for an absent value, as if it were written where the record is. */
    V defaultAt(Place place, String path, Reading reading) {
        V value = shape.read(byDefault.apply(place, path.isEmpty() ? name : path + "." + name), reading);
        if (value == null) {
            throw new AssertionError("the default of " + name + " is not of its shape");
        }
        return value;
    }

    /** The default as it would be written, or null when there is none. */
    @Nullable
    Object writtenDefault() {
        return isDefaulted() ? shape.write(defaultAt(Place.START, "", new Reading())) : null;
    }

    /** The value in a record as it is shown, or null when it is absent. */
    @Nullable
    Object write(R record) {
        V value = accessor.apply(record);
        if (value == null) {
            return null;
        }
        return shape.isSecret() ? Shape.REDACTED : shape.write(value);
    }
}
