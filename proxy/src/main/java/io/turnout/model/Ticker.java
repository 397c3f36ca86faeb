package io.turnout.model;

/**
 * A monotonic clock in nanoseconds, passed in wherever time matters so that tests can move it by hand.
 *
 * <p>Safe for any thread. Values only mean something as differences; they survive neither restart nor comparison with
 * another ticker.
 */
@FunctionalInterface
public interface Ticker {
    /** The machine's monotonic clock. */
    Ticker SYSTEM = System::nanoTime;

    /** Nanoseconds since an arbitrary origin; never runs backwards. */
    long nanos();
}
