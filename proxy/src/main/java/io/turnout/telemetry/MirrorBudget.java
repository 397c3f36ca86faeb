package io.turnout.telemetry;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the copies of one mirror hold, in the whole process.
 *
 * <p>Safe for any thread: atomic counters. They are exact over all loops and touched only for requests that are copied.
 */
public final class MirrorBudget {
    private final AtomicInteger copies = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** Takes a place for one more copy, unless so many are under way. */
    public boolean tryBegin(int atMost) {
        if (copies.incrementAndGet() <= atMost) {
            return true;
        }
        copies.decrementAndGet();
        return false;
    }

    /** Gives a place back. */
    public void end() {
        copies.decrementAndGet();
    }

    /** Takes room for so many octets, unless more than the limit would be held. */
    public boolean tryHold(long more, long atMost) {
        if (bytes.addAndGet(more) <= atMost) {
            return true;
        }
        bytes.addAndGet(-more);
        return false;
    }

    /** Gives room back. */
    public void release(long held) {
        bytes.addAndGet(-held);
    }

    /** Copies under way. */
    public int copies() {
        return copies.get();
    }

    /** Octets held. */
    public long bytes() {
        return bytes.get();
    }
}
