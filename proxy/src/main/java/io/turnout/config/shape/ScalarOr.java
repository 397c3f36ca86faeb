package io.turnout.config.shape;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A value that is written as a scalar in its common cases and as a mapping in the others. Immutable.
 *
 * @param <T> what is made of either
 */
public final class ScalarOr<T> implements Shape<T> {
    private final Shape<T> scalar;
    private final Shape<T> mapping;
    private final Predicate<T> isScalar;

    /** @param isScalar which values are written as a scalar */
    public ScalarOr(Shape<T> scalar, Shape<T> mapping, Predicate<T> isScalar) {
        this.scalar = scalar;
        this.mapping = mapping;
        this.isScalar = isScalar;
    }

    @Override
    public @Nullable T read(Located at, Reading reading) {
        if (at instanceof Located.Items) {
            reading.mismatch(at, expected());
            return null;
        }
        return (at instanceof Located.Scalar ? scalar : mapping).read(at, reading);
    }

    @Override
    public Object write(T value) {
        return (isScalar.test(value) ? scalar : mapping).write(value);
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return Map.of("anyOf", List.of(scalar.schema(definitions), mapping.schema(definitions)));
    }

    @Override
    public String expected() {
        return scalar.expected() + ", or " + mapping.expected();
    }

    @Override
    public String typeName() {
        return scalar.typeName() + " or " + mapping.typeName();
    }

    @Override
    public List<Shape<?>> parts() {
        return List.of(scalar, mapping);
    }
}
