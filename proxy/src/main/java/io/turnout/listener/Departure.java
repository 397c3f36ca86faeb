package io.turnout.listener;

import org.jspecify.annotations.Nullable;

/**
 * Whether the connections of one listener are on their way out: the process goes down, the listener is drained, or the
 * file no longer has it. There is no way back; a listener that is opened again has another one. A connection may also be
 * on its way out alone.
 *
 * <p>Safe for any thread: a listener's is begun by the one that opens and closes listeners, a connection's on its event
 * loop, where both are read.
 */
final class Departure {
    private static final long NOT_BEGUN = -1;

    /** Into how many moments the departure of a listener's tunnels is spread. */
    private static final int PLACES = 1024;

    private final @Nullable Departure ofListener;
    private volatile long nanos = NOT_BEGUN;

    private Departure(@Nullable Departure ofListener) {
        this.ofListener = ofListener;
    }

    /** That of all connections of a listener. */
    static Departure ofListener() {
        return new Departure(null);
    }

    /** That of one of these connections, which leaves with the others at the latest. */
    Departure ofConnection() {
        return new Departure(this);
    }

    /** From now on answers end their connections; what is left after so long will be cut. */
    void begin(long atMostNanos) {
        nanos = atMostNanos;
    }

    boolean hasBegun() {
        return nanos != NOT_BEGUN || (ofListener != null && ofListener.hasBegun());
    }

    /**
     * How many nanoseconds the tunnel of this place, which may be any number, waits before it leaves, once that has begun:
     * one after the other over half of the time there is, so that their clients do not come back at once.
     */
    long tunnelNanos(int place) {
        if (nanos == NOT_BEGUN && ofListener != null) {
            return ofListener.tunnelNanos(place);
        }
        return nanos / 2 / PLACES * Math.floorMod(place, PLACES);
    }
}
