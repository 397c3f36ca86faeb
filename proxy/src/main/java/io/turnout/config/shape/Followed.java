package io.turnout.config.shape;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A shape whose values are looked at once more when they have been read. Immutable.
 *
 * @param <T> what is made of a value
 */
public final class Followed<T> implements Shape<T> {
    private final Shape<T> shape;
    private final Step<T> step;

    /** What is done with a value that was read. */
    @FunctionalInterface
    public interface Step<T> {
        /** Whether the value may stand; when not, why has been reported. */
        boolean accepts(T value, Located at, Reading reading);
    }

    public Followed(Shape<T> shape, Step<T> step) {
        this.shape = shape;
        this.step = step;
    }

    @Override
    public @Nullable T read(Located at, Reading reading) {
        T value = shape.read(at, reading);
        return value != null && step.accepts(value, at, reading) ? value : null;
    }

    @Override
    public Object write(T value) {
        return shape.write(value);
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return shape.schema(definitions);
    }

    @Override
    public String expected() {
        return shape.expected();
    }

    @Override
    public String typeName() {
        return shape.typeName();
    }

    @Override
    public List<Shape<?>> parts() {
        return List.of(shape);
    }

    @Override
    public boolean isSecret() {
        return shape.isSecret();
    }
}
