package io.turnout.h2;

/**
 * What is remembered of streams that are closed, to tell a peer's mistake from frames that were on their way when we
 * reset a stream (RFC 9113 section 5.1).
 *
 * <p>Confined to its event loop. Bounded: the oldest are forgotten, and then nothing is held against the peer.
 */
final class PastStreams {
    private static final int RESETS = 256;
    private static final int GAPS = 8;

    private int[] resets = {};
    private int resetCount;
    private final int[] gapStart = new int[GAPS];
    private final int[] gapEnd = new int[GAPS];
    private int gaps;

    /** We have reset this stream. */
    void onReset(int streamId) {
        if (resets.length == 0) {
            resets = new int[RESETS];
        }
        resets[resetCount++ % RESETS] = streamId;
    }

    /** The peer has opened a stream and so given up all smaller numbers it has not used. */
    void onOpened(int streamId, int lastStreamId) {
        int firstSkipped = Math.max(lastStreamId, streamId % 2 - 2) + 2;
        if (firstSkipped < streamId) {
            gapStart[gaps % GAPS] = firstSkipped;
            gapEnd[gaps % GAPS] = streamId;
            gaps++;
        }
    }

    /** Whether frames for this closed stream may have been sent before our reset was seen. */
    boolean mayBeLate(int streamId) {
        if (resetCount > RESETS) {
            return true;
        }
        for (int i = 0; i < resetCount; i++) {
            if (resets[i] == streamId) {
                return true;
            }
        }
        return false;
    }

    /** Whether the stream was never opened, as far as is remembered. */
    boolean wasSkipped(int streamId) {
        for (int i = 0; i < Math.min(gaps, GAPS); i++) {
            if (streamId >= gapStart[i] && streamId < gapEnd[i]) {
                return true;
            }
        }
        return false;
    }
}
