package io.turnout.loop;

import org.jspecify.annotations.Nullable;

/**
 * One thing's next deadline on its loop's {@link Deadlines}; the owner keeps one for life and moves it as it likes.
 *
 * <p>Confined to its event loop. Moving a deadline later costs one field store: the wheel finds out when it comes by.
 */
public abstract class Deadline {
    static final long UNSET = Long.MAX_VALUE;

    /** When it is due, in the wheel's time; {@link #UNSET} when nothing is awaited. */
    long dueNanos = UNSET;

    /** The wheel slot's time it hangs in; {@link #UNSET} when it hangs nowhere. */
    long filedNanos = UNSET;

    @Nullable
    Deadline previous;

    @Nullable
    Deadline next;

    int slot = -1;

    /**
     * Called on the loop once the deadline has passed; the deadline is unset by then and may be set again.
     *
     * @param nowNanos time of the loop's ticker
     */
    protected abstract void onDeadline(long nowNanos);
}
