package io.turnout.config.shape;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was read of a record's keys, complete or not. Confined to one reading.
 *
 * @param <R> the record
 */
public final class Values<R> {
    private final Located.Entries written;
    private final Map<Key<R, ?>, Object> read = new HashMap<>();
    private final Map<Key<R, ?>, Object> fallbacks = new HashMap<>();

    Values(Located.Entries written) {
        this.written = written;
    }

    /**
     * Reads the key's value. One that is not what it should be leaves its default behind, with which the record can still
     * be made and held against other parts, so that what is wrong there is found in the same reading.
     */
    <V> void bind(Key<R, V> key, Reading reading) {
        Located at = written.valueOf(key.name());
        V value = at == null ? null : key.shape().read(at, reading);
        if (value != null) {
            read.put(key, value);
            return;
        }
        if (key.isDefaulted()) {
            Map<Key<R, ?>, Object> into = at == null ? read : fallbacks;
            // What a fallback says is not said by the file: nothing of it is remembered.
            Reading heard = at == null ? reading : new Reading();
            into.put(key, key.defaultAt(written.place(), written.path(), heard));
        }
    }

    boolean has(Key<R, ?> key) {
        return read.containsKey(key) || fallbacks.containsKey(key);
    }

    /**
     * The value or a fallback for it, for making the record.
     *
     * @throws IllegalArgumentException when there is neither, as for an optional key with a value that is not of its shape
     */
    @SuppressWarnings("unchecked") // bind() puts under each key only what its own shape made
    public <V> V of(Key<R, V> key) {
        Object value = read.getOrDefault(key, fallbacks.get(key));
        if (value == null) {
            throw new IllegalArgumentException(key.name() + " is not there");
        }
        return (V) value;
    }

    /** The value or its default; null when it is absent without one, or was not what it should be. */
    @SuppressWarnings("unchecked") // bind() puts under each key only what its own shape made
    public <V> @Nullable V orNull(Key<R, V> key) {
        return (V) read.get(key);
    }

    /** Whether the key is in the file. */
    public boolean isWritten(Key<R, ?> key) {
        return written.valueOf(key.name()) != null;
    }

    /** Where the key's value is, or the record when it is absent. */
    public Located at(Key<R, ?> key) {
        return written.nearest(key.name());
    }

    /** Where the record is. */
    public Located at() {
        return written;
    }
}
