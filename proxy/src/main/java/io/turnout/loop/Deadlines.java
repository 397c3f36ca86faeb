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
     *
     * The wheel's time is the ticker's less what the loop stood still. After a standstill (a paused machine, a long
     * collection) answers and requests lie unread, and what is set before the next sweep is set by the time of the last:
     * by the ticker all of it would be overdue at once, with nobody to blame for it but this process.
     */

    /** Granularity in nanoseconds: a deadline is noticed at most this long after it is due. */
    public static final long TICK_NANOS = 50_000_000;

    /** A loop that does not come round for longer than this has stood still. */
    private static final long LONGEST_STEP_NANOS = 2 * TICK_NANOS;

    private static final int SLOTS = 1024;

    private final @Nullable Deadline[] heads = new Deadline[SLOTS];
    private final long originNanos;
    private long sweptNanos;
    private long sweptTicks;
    private long stoodStillNanos;
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

    /** Sets or moves the deadline to this time of the ticker, put off by what the loop stands still until then. */
    public void setAt(Deadline deadline, long nanos) {
        set(deadline, nanos - stoodStillNanos);
    }

    private void set(Deadline deadline, long dueNanos) {
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

    /** Fires what is due; a standstill since the last call is held against nobody. */
    public void sweep(long tickerNanos) {
        long step = tickerNanos - stoodStillNanos - sweptNanos;
        stoodStillNanos += Math.max(0, step - LONGEST_STEP_NANOS);
        sweptNanos = tickerNanos - stoodStillNanos;
        long nowTicks = (sweptNanos - originNanos) / TICK_NANOS;
        while (sweptTicks < nowTicks) {
            sweptTicks++;
            sweepSlot((int) (sweptTicks & (SLOTS - 1)), tickerNanos);
        }
    }

    private void sweepSlot(int slot, long tickerNanos) {
        // The list is detached first: what onDeadline files goes into live slots, and what it removes from the rest of
        // this list (closing one connection often closes its peer) moves the cursor along.
        detached = heads[slot];
        heads[slot] = null;
        while (detached != null) {
            Deadline entry = detached;
            unlink(entry);
            fireOrFile(entry, tickerNanos);
        }
    }

    private void fireOrFile(Deadline entry, long tickerNanos) {
        if (entry.dueNanos == Deadline.UNSET) {
            return;
        }
        if (entry.dueNanos - sweptNanos > 0) {
            file(entry);
            return;
        }
        entry.dueNanos = Deadline.UNSET;
        entry.onDeadline(tickerNanos);
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
