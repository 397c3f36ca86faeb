package io.turnout.config.shape;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping from names that the user chooses to values of one shape; keeps the order of the file. Immutable.
 *
 * @param <V> what is made of a value
 */
public final class MapShape<V> implements Shape<Map<String, V>> {
    private final Shape<String> key;
    private final Shape<V> value;
    private final int least;

    private MapShape(Shape<String> key, Shape<V> value, int least) {
        this.key = key;
        this.value = value;
        this.least = least;
    }

    /** A mapping of any size. */
    public static <V> MapShape<V> of(Shape<String> key, Shape<V> value) {
        return new MapShape<>(key, value, 0);
    }

    /** The same with at least one entry. */
    public MapShape<V> notEmpty() {
        return new MapShape<>(key, value, 1);
    }

    @Override
    public @Nullable Map<String, V> read(Located at, Reading reading) {
        if (!(at instanceof Located.Entries written) || written.entries().size() < least) {
            reading.mismatch(at, expected());
            return null;
        }
        var values = new LinkedHashMap<String, V>();
        for (Located.Entry entry : written.entries()) {
            String name = key.read(entry.key(), reading);
            V bound = value.read(entry.value(), reading);
            if (name != null && bound != null && values.put(name, bound) != null) {
                reading.error(
                        entry.key(),
                        "a second \"" + Located.Scalar.shown(name) + "\"",
                        "each key once, whatever its case");
            }
        }
        return values.size() == written.entries().size() ? values : null;
    }

    @Override
    public Object write(Map<String, V> map) {
        var written = new LinkedHashMap<String, Object>();
        map.forEach((name, one) -> written.put(name, value.write(one)));
        return written;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return Definitions.object(
                "type",
                "object",
                "minProperties",
                least,
                "propertyNames",
                key.schema(definitions),
                "additionalProperties",
                value.schema(definitions));
    }

    @Override
    public String expected() {
        return "a mapping from " + key.typeName() + " to " + value.expected();
    }

    @Override
    public String typeName() {
        return "map from " + key.typeName() + " to " + value.typeName();
    }

    @Override
    public List<Shape<?>> parts() {
        return List.of(key, value);
    }
}
