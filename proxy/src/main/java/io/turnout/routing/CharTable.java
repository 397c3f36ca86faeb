package io.turnout.routing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hash table from text to values that is asked with a part of a character sequence, so that a lookup allocates
 * nothing. Immutable.
 *
 * <p>Open addressing at a load of at most one half. Keys come from configuration, never from traffic, so a client
 * cannot lengthen the probe sequences.
 */
final class CharTable<V> {
    /** Base of the polynomial that {@link #extend} evaluates. */
    static final int BASE = 31;

    private final @Nullable String[] keys;
    private final int[] hashes;
    private final @Nullable Object[] values;
    private final int shift;

    private CharTable(int capacity) {
        keys = new @Nullable String[capacity];
        hashes = new int[capacity];
        values = new @Nullable Object[capacity];
        shift = Integer.numberOfLeadingZeros(capacity) + 1;
    }

    static <V> CharTable<V> of(Map<String, ? extends V> entries) {
        int capacity = Math.max(2, Integer.highestOneBit(Math.max(1, entries.size())) * 4);
        var table = new CharTable<V>(capacity);
        entries.forEach(table::put);
        return table;
    }

    /** The hash of a text with one more character; the hash of the empty text is 0. */
    static int extend(int hash, char next) {
        return BASE * hash + next;
    }

    static int hash(CharSequence text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = extend(hash, text.charAt(i));
        }
        return hash;
    }

    /** The value of the key that equals {@code text[from, to)}, whose hash the caller has computed; null if none. */
    @SuppressWarnings("unchecked") // only put() fills the array
    @Nullable
    V find(CharSequence text, int from, int to, int hash) {
        int slot = slot(hash);
        for (String key = keys[slot]; key != null; key = keys[slot]) {
            if (hashes[slot] == hash && Octets.equal(text, from, to, key)) {
                return (V) values[slot];
            }
            slot = next(slot);
        }
        return null;
    }

    private void put(String key, V value) {
        int hash = hash(key, 0, key.length());
        int slot = slot(hash);
        while (keys[slot] != null) {
            slot = next(slot);
        }
        keys[slot] = key;
        hashes[slot] = hash;
        values[slot] = value;
    }

    /** Multiplication by the golden ratio: the high bits then depend on every bit of the hash. */
    private int slot(int hash) {
        return (hash * 0x9E3779B9) >>> shift;
    }

    private int next(int slot) {
        return slot + 1 == keys.length ? 0 : slot + 1;
    }
}
