package io.turnout.config.shape;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What values of a type look like in the file. Immutable.
 *
 * @param <T> what is made of them
 */
public interface Shape<T> {
    /** What is shown in the place of a secret. */
    String REDACTED = "<redacted>";

    /** Reads a value; null after reporting why it cannot be. */
    @Nullable
    T read(Located at, Reading reading);

    /**
     * Writes a value so that it reads back equal: a tree of maps in order, lists, strings and JSON scalars. Only secrets
     * are not written.
     */
    Object write(T value);

    /** The JSON Schema of what {@link #read} takes, as far as a schema can say it. */
    Map<String, Object> schema(Definitions definitions);

    /** Completes the sentence "expected ..." with form, unit and range. */
    String expected();

    /** The type's name in a table of the reference, as Markdown. */
    String typeName();

    /** The shapes it is made of. */
    default List<Shape<?>> parts() {
        return List.of();
    }

    /** Whether values must not be shown. */
    default boolean isSecret() {
        return false;
    }
}
