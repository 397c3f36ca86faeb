package io.turnout.listener;

/**
 * Whether the connections of one listener are on their way out: the process goes down, the listener is drained, or the
 * file no longer has it. There is no way back; a listener that is opened again has another one.
 *
 * <p>Safe for any thread: begun by the one that opens and closes listeners, read on the event loops.
 */
final class Departure {
    private static final long NOT_BEGUN = -1;

    private volatile long nanos = NOT_BEGUN;

    /** From now on answers end their connections; what is left after so long will be cut. */
    void begin(long atMostNanos) {
        nanos = atMostNanos;
    }

    boolean hasBegun() {
        return nanos != NOT_BEGUN;
    }

    /** How long it takes at most, in nanoseconds, once it has begun. */
    long nanos() {
        return nanos;
    }
}
