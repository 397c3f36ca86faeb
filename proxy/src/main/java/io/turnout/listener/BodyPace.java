package io.turnout.listener;

/**
 * Whether a request body comes in fast enough: something within the time a body may stand still, and the least rate on
 * average over that time.
 *
 * <p>Looked at a few times per such period instead of on every octet, so that a body that flows costs nothing. Confined
 * to its connection's event loop.
 */
final class BodyPace {
    /** How often the body is looked at within the time it may stand still. */
    static final int PARTS = 4;

    private final long leastBytes;
    private long lastBytes;
    private long periodBytes;
    private int silentParts;
    private int parts;
    private boolean disturbed;

    /**
     * @param bytesPerSecond least rate
     * @param nanos how long a body may stand still, and over how long the rate is averaged
     */
    BodyPace(long bytesPerSecond, long nanos) {
        leastBytes = (long) (bytesPerSecond * (nanos / 1e9));
    }

    /** A body begins. */
    void begin() {
        lastBytes = 0;
        periodBytes = 0;
        silentParts = 0;
        parts = 0;
        disturbed = false;
    }

    /** The client was kept from sending: what it sent in this period says nothing. */
    void disturb() {
        disturbed = true;
    }

    /** Looks at how much has come in all; answers whether that will do. */
    boolean keepsUp(long bodyBytes) {
        silentParts = disturbed || bodyBytes != lastBytes ? 0 : silentParts + 1;
        lastBytes = bodyBytes;
        parts++;
        if (!disturbed && parts < PARTS) {
            return silentParts < PARTS;
        }
        boolean enough = disturbed || (silentParts < PARTS && bodyBytes - periodBytes >= leastBytes);
        disturbed = false;
        periodBytes = bodyBytes;
        parts = 0;
        return enough;
    }
}
