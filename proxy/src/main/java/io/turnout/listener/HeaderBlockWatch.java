package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.turnout.h2.HeaderBlockScan;
import io.turnout.loop.Deadline;
import io.turnout.loop.Deadlines;

/**
 * Holds a client to its time for a header block: one that is not complete holds up all streams of its connection (RFC
 * 9113 section 4.3). Confined to its event loop.
 */
final class HeaderBlockWatch extends Deadline {
    private final Deadlines deadlines;
    private final long nanos;
    private final Runnable onMissed;
    private final HeaderBlockScan scan = new HeaderBlockScan();
    private long awaited;

    HeaderBlockWatch(Deadlines deadlines, long nanos, Runnable onMissed) {
        this.deadlines = deadlines;
        this.nanos = nanos;
        this.onMissed = onMissed;
    }

    /** Looks at what has been received, each octet once and in order; the buffer stays as it is. */
    void read(ByteBuf in) {
        scan.read(in);
    }

    /** What has been read has been dealt with: waits for the rest of a block that is still open. */
    void await() {
        if (!scan.isOpen()) {
            if (awaited != 0) {
                awaited = 0;
                stop();
            }
        } else if (awaited != scan.begun()) {
            awaited = scan.begun();
            deadlines.setAfter(this, nanos);
        }
    }

    /** Nothing is awaited any more, unless something is read again. */
    void stop() {
        deadlines.clear(this);
    }

    void end() {
        deadlines.remove(this);
    }

    @Override
    protected void onDeadline(long nowNanos) {
        onMissed.run();
    }
}
