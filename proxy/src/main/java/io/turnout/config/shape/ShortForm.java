package io.turnout.config.shape;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A record that may be written as the bare value of one of its keys, when all others keep their defaults. Immutable.
 *
 * @param <R> the record
 */
public final class ShortForm<R> implements Shape<R> {
    private final RecordShape<R> record;
    private final String key;
    private final Shape<?> bare;
    private final Predicate<Located> isBare;

    private ShortForm(RecordShape<R> record, String key, Predicate<Located> isBare) {
        this.record = record;
        this.key = key;
        this.isBare = isBare;
        this.bare = record.keys().stream()
                .filter(k -> k.name().equals(key))
                .<Shape<?>>map(Key::shape)
                .findFirst()
                .orElseThrow();
    }

    /** Whatever is no mapping is the value of the key. */
    public static <R> ShortForm<R> ofScalarOrList(RecordShape<R> record, String key) {
        return new ShortForm<>(record, key, at -> !(at instanceof Located.Entries));
    }

    /** A mapping that has none of the record's own keys, and only single values, is the value of the key. */
    public static <R> ShortForm<R> ofMap(RecordShape<R> record, String key) {
        List<String> own = record.keys().stream().map(Key::name).toList();
        return new ShortForm<>(record, key, at -> at instanceof Located.Entries map && isBareMap(map, own));
    }

    private static boolean isBareMap(Located.Entries map, List<String> own) {
        return !map.entries().isEmpty()
                && map.entries().stream()
                        .allMatch(e -> e.value() instanceof Located.Scalar
                                && !own.contains(e.key().text()));
    }

    @Override
    public @Nullable R read(Located at, Reading reading) {
        boolean broken = at instanceof Located.Scalar scalar && scalar.style() == Located.Style.BROKEN;
        if (broken || !isBare.test(at)) {
            return record.read(at, reading);
        }
        var name = new Located.Scalar(at.place(), at.path(), key, Located.Style.FREE);
        return record.read(new Located.Entries(at.place(), at.path(), List.of(new Located.Entry(name, at))), reading);
    }

    @Override
    public Object write(R value) {
        return record.write(value);
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return Map.of("anyOf", List.of(record.schema(definitions), bare.schema(definitions)));
    }

    @Override
    public String expected() {
        return record.expected() + "; or its " + key + " alone: " + bare.expected();
    }

    @Override
    public String typeName() {
        return record.typeName() + " or its `" + key + "` alone";
    }

    @Override
    public List<Shape<?>> parts() {
        return List.of(record);
    }
}
