package io.turnout.listener;

/**
 * Whether the connections of one listener are on their way out: the process goes down, the listener is drained, or the
 * file no longer has it. There is no way back; a listener that is opened again has another one.
 *
 * <p>Safe for any thread: begun by the one that opens and closes listeners, read on the event loops.
 */
final class Departure {
    private static final long NOT_BEGUN = -1;

    /** Into how many moments the departure of a listener's tunnels is spread. */
    private static final int PLACES = 1024;

    private volatile long nanos = NOT_BEGUN;

    /** From now on answers end their connections; what is left after so long will be cut. */
    void begin(long atMostNanos) {
        nanos = atMostNanos;
    }

    boolean hasBegun() {
        return nanos != NOT_BEGUN;
    }

    /**
     * How many nanoseconds the tunnel of this place, which may be any number, waits before it leaves, once that has begun:
     * one after the other over half of the time there is, so that their clients do not come back at once.
     */
    long tunnelNanos(int place) {
        return nanos / 2 / PLACES * Math.floorMod(place, PLACES);
    }
}
