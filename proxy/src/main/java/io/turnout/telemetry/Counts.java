package io.turnout.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * An array of monotone counters with one writing thread and any number of readers.
 *
 * <p>Writes are plain increments published opaquely: a reader sees every counter's true value at some recent moment,
 * never a torn one, and the writer pays no fence for it.
 */
public final class Counts {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] values;

    /** So many counters, all 0. */
    public Counts(int size) {
        values = new long[size];
    }

    /** Adds one; only on the writing thread. */
    public void increment(int index) {
        ELEMENT.setOpaque(values, index, values[index] + 1);
    }

    /** Adds an amount, which may be negative for gauges; only on the writing thread. */
    public void add(int index, long amount) {
        ELEMENT.setOpaque(values, index, values[index] + amount);
    }

    /** The counter's value; any thread. */
    public long read(int index) {
        return (long) ELEMENT.getOpaque(values, index);
    }

    /** Number of counters. */
    public int size() {
        return values.length;
    }

    /** Adds every counter to the array's element of the same index; any thread. */
    public void addTo(long[] sums) {
        for (int i = 0; i < values.length; i++) {
            sums[i] += read(i);
        }
    }
}
