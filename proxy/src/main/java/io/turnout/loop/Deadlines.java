package io.turnout.loop;

import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one event loop, swept on a coarse tick.
 *
 * <p>Confined to its event loop; {@link #sweep} is called by the loop every {@link #TICK_NANOS}.
 */
public final class Deadlines {
    /*
     * A hashed wheel of intrusive lists in the manner of Varghese and Lauck (SOSP 1987), with one twist: setting a
     * deadline later than the one already filed does not touch the list. A keep-alive connection moves its deadline
     * several times per exchange and almost always to a later time, so in steady state a request costs a store. The
     * sweep files such an entry anew when it meets it. Entries beyond the horizon hang in the farthest slot and are
     * filed anew from there.
     */

    /** Granularity in nanoseconds: a deadline is noticed at most this long after it is due. */
    public static final long TICK_NANOS = 50_000_000;

    private static final int SLOTS = 1024;

    private final @Nullable Deadline[] heads = new Deadline[SLOTS];
    private final long originNanos;
    private long sweptNanos;
    private long sweptTicks;
    private @Nullable Deadline detached;

    /** A wheel whose time begins now. */
    public Deadlines(long nowNanos) {
        this.originNanos = nowNanos;
        this.sweptNanos = nowNanos;
    }

    /**
     * Sets or moves the deadline to so long from now, without reading a clock: now is the last sweep, and a tick is
     * added so that a deadline is never early but for what the loop is behind.
     */
    public void setAfter(Deadline deadline, long nanos) {
        set(deadline, sweptNanos + nanos + TICK_NANOS);
    }

    /** Sets or moves the deadline. */
    public void set(Deadline deadline, long dueNanos) {
        deadline.dueNanos = dueNanos;
        if (dueNanos < deadline.filedNanos) {
            unlink(deadline);
            file(deadline);
        }
    }

    /** Forgets the deadline; costs one store, the entry leaves the wheel when it is met. */
    public void clear(Deadline deadline) {
        deadline.dueNanos = Deadline.UNSET;
    }

    /** Clears the deadline and takes it off the wheel at once, so that its owner can be collected. */
    public void remove(Deadline deadline) {
        deadline.dueNanos = Deadline.UNSET;
        unlink(deadline);
    }

    /** Fires what is due. */
    public void sweep(long nowNanos) {
        sweptNanos = nowNanos;
        long nowTicks = (nowNanos - originNanos) / TICK_NANOS;
        if (nowTicks - sweptTicks > SLOTS) {
            // After a long stall one turn of the wheel visits every slot once.
            sweptTicks = nowTicks - SLOTS;
        }
        while (sweptTicks < nowTicks) {
            sweptTicks++;
            sweepSlot((int) (sweptTicks & (SLOTS - 1)), nowNanos);
        }
    }

    private void sweepSlot(int slot, long nowNanos) {
        // The list is detached first: what onDeadline files goes into live slots, and what it removes from the rest of
        // this list (closing one connection often closes its peer) moves the cursor along.
        detached = heads[slot];
        heads[slot] = null;
        while (detached != null) {
            Deadline entry = detached;
            unlink(entry);
            fireOrFile(entry, nowNanos);
        }
    }

    private void fireOrFile(Deadline entry, long nowNanos) {
        if (entry.dueNanos == Deadline.UNSET) {
            return;
        }
        if (entry.dueNanos - nowNanos > 0) {
            file(entry);
            return;
        }
        entry.dueNanos = Deadline.UNSET;
        entry.onDeadline(nowNanos);
    }

    private void file(Deadline entry) {
        long ticks = Math.max((entry.dueNanos - originNanos) / TICK_NANOS + 1, sweptTicks + 1);
        ticks = Math.min(ticks, sweptTicks + SLOTS - 1);
        int slot = (int) (ticks & (SLOTS - 1));
        entry.slot = slot;
        entry.filedNanos = originNanos + ticks * TICK_NANOS;
        Deadline head = heads[slot];
        entry.next = head;
        entry.previous = null;
        if (head != null) {
            head.previous = entry;
        }
        heads[slot] = entry;
    }

    private void unlink(Deadline entry) {
        if (entry.slot < 0) {
            return;
        }
        Deadline before = entry.previous;
        Deadline after = entry.next;
        if (before != null) {
            before.next = after;
        } else if (heads[entry.slot] == entry) {
            heads[entry.slot] = after;
        } else {
            detached = after;
        }
        if (after != null) {
            after.previous = before;
        }
        entry.previous = null;
        entry.next = null;
        entry.slot = -1;
        entry.filedNanos = Deadline.UNSET;
    }
}
