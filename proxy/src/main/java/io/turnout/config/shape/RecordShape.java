package io.turnout.config.shape;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A mapping with keys of its own, made into a record. Immutable.
 *
 * @param <R> the record
 */
public final class RecordShape<R> implements Shape<R> {
    private final String name;
    private final String doc;
    private final List<Key<R, ?>> keys;
    private final List<Check<R>> checks;
    private final List<List<String>> oneOf;
    private final Function<Values<R>, R> maker;

    /** A rule between keys of a record; it must bear that any of them could not be read. */
    @FunctionalInterface
    public interface Check<R> {
        /** Reports what is wrong. */
        void check(Values<R> values, Reading reading);
    }

    private RecordShape(Draft<R> draft, Function<Values<R>, R> maker) {
        this.name = draft.name;
        this.doc = draft.doc;
        this.keys = List.copyOf(draft.keys);
        this.checks = List.copyOf(draft.checks);
        this.oneOf = List.copyOf(draft.oneOf);
        this.maker = maker;
    }

    /**
     * A shape that is not yet finished: add keys and checks, then {@link #makes}.
     *
     * @param <R> the record
     */
    public static final class Draft<R> {
        private final String name;
        private final String doc;
        private final List<Key<R, ?>> keys = new ArrayList<>();
        private final List<Check<R>> checks = new ArrayList<>();
        private final List<List<String>> oneOf = new ArrayList<>();

        Draft(String name, String doc) {
            this.name = name;
            this.doc = doc;
        }

        /** A further key, required until it is said otherwise. */
        public <V> Key.Draft<R, V> key(String key, Shape<V> shape, Function<R, @Nullable V> accessor) {
            return new Key.Draft<>(this, key, shape, accessor);
        }

        void add(Key<R, ?> key) {
            keys.add(key);
        }

        /** A rule that is held against what was read. */
        public Draft<R> check(Check<R> check) {
            checks.add(check);
            return this;
        }

        /** Of these optional keys there must be one and not two. */
        public Draft<R> exactlyOneOf(List<Key<R, ?>> choices) {
            oneOf.add(choices.stream().map(Key::name).toList());
            return check((values, reading) -> checkOneOf(choices, values, reading));
        }

        private void checkOneOf(List<Key<R, ?>> choices, Values<R> values, Reading reading) {
            List<Key<R, ?>> written = choices.stream().filter(values::isWritten).toList();
            if (written.size() == 1) {
                return;
            }
            String names = choices.stream().map(Key::name).collect(Collectors.joining(", "));
            String found =
                    written.isEmpty() ? "none" : written.stream().map(Key::name).collect(Collectors.joining(" and "));
            reading.error(
                    written.isEmpty() ? values.at() : values.at(written.get(1)), found, "exactly one of " + names);
        }

        /** Finishes the shape: how a record is made when every key has its value and no check objects. */
        public RecordShape<R> makes(Function<Values<R>, R> maker) {
            return new RecordShape<>(this, maker);
        }
    }

    /**
     * Begins a shape.
     *
     * @param name of the definition in the schema and of the section in the reference
     * @param doc what it is, in sentences of Markdown
     */
    public static <R> Draft<R> draft(String name, String doc) {
        return new Draft<>(name, doc);
    }

    @Override
    public @Nullable R read(Located at, Reading reading) {
        if (!(at instanceof Located.Entries written)) {
            reading.mismatch(at, expected());
            return null;
        }
        Set<String> meant = reportUnknownKeys(written, reading);
        var values = new Values<R>(written);
        for (Key<R, ?> key : keys) {
            values.bind(key, reading);
            if (key.isRequired() && !values.isWritten(key) && !meant.contains(key.name())) {
                reading.error(
                        at,
                        "no key \"" + key.name() + "\"",
                        key.name() + ": " + key.shape().expected());
            }
        }
        int errorsBefore = reading.errors();
        checks.forEach(check -> check.check(values, reading));
        boolean complete = keys.stream().allMatch(key -> key.isOptional() || values.has(key));
        return complete && reading.errors() == errorsBefore ? make(values, reading) : null;
    }

    private @Nullable R make(Values<R> values, Reading reading) {
        try {
            return maker.apply(values);
        } catch (IllegalArgumentException e) {
            // Put together with fallbacks, or with names that will turn out to be unknown, it may break its own rules.
            reading.doubt(e);
            return null;
        }
    }

    /** Returns the keys that were probably meant by unknown ones; that they are missing need not be said again. */
    private Set<String> reportUnknownKeys(Located.Entries written, Reading reading) {
        List<String> known = keys.stream().map(Key::name).toList();
        List<String> open =
                known.stream().filter(k -> written.valueOf(k) == null).toList();
        var meant = new HashSet<String>();
        for (Located.Entry entry : written.entries()) {
            String key = entry.key().text();
            if (!known.contains(key)) {
                String nearest = reading.nearest(key, open);
                reading.error(
                        entry.key(),
                        "the unknown key \"" + Located.Scalar.shown(key) + "\"",
                        "one of " + String.join(", ", known),
                        nearest);
                if (nearest != null) {
                    meant.add(nearest);
                }
            }
        }
        return meant;
    }

    @Override
    public Object write(R record) {
        var written = new LinkedHashMap<String, Object>();
        for (Key<R, ?> key : keys) {
            Object value = key.write(record);
            if (value != null) {
                written.put(key.name(), value);
            }
        }
        return written;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return definitions.reference(name, () -> definition(definitions));
    }

    private Map<String, Object> definition(Definitions definitions) {
        var properties = new LinkedHashMap<String, Object>();
        keys.forEach(key -> properties.put(key.name(), property(key, definitions)));
        Map<String, Object> definition =
                Definitions.object("description", doc, "type", "object", "properties", properties);
        List<String> required =
                keys.stream().filter(Key::isRequired).map(Key::name).toList();
        if (!required.isEmpty()) {
            definition.put("required", required);
        }
        if (!oneOf.isEmpty()) {
            definition.put("allOf", oneOf.stream().map(RecordShape::exactlyOne).toList());
        }
        definition.put("additionalProperties", false);
        return definition;
    }

    private static Map<String, Object> exactlyOne(List<String> names) {
        return Map.of(
                "oneOf", names.stream().map(n -> Map.of("required", List.of(n))).toList());
    }

    private static Map<String, Object> property(Key<?, ?> key, Definitions definitions) {
        Map<String, Object> property = Definitions.object("description", key.doc());
        Object byDefault = key.writtenDefault();
        if (byDefault != null) {
            property.put("default", byDefault);
        }
        Map<String, Object> schema = key.shape().schema(definitions);
        if (schema.containsKey("$ref")) {
            // Draft-07 ignores whatever stands beside a reference.
            property.put("allOf", List.of(schema));
        } else {
            property.putAll(schema);
        }
        return property;
    }

    /** Name of the definition in the schema and of the section in the reference. */
    public String name() {
        return name;
    }

    /** What it is, in sentences of Markdown. */
    public String doc() {
        return doc;
    }

    /** In the order in which they are written. */
    public List<Key<R, ?>> keys() {
        return keys;
    }

    @Override
    public String expected() {
        return "a mapping with the keys " + keys.stream().map(Key::name).collect(Collectors.joining(", "));
    }

    @Override
    public String typeName() {
        return "[" + name + "](#" + name.toLowerCase(Locale.ROOT) + ")";
    }

    @Override
    public List<Shape<?>> parts() {
        return keys.stream().<Shape<?>>map(Key::shape).toList();
    }
}
