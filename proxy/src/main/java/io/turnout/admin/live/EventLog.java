package io.turnout.admin.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The last events that a client may have missed, by their ids. Of those that replace each other, only the newest is kept.
 *
 * <p>Ids grow over restarts too, as long as the clock does: they begin at the time in microseconds. So an id of an earlier
 * process is never taken for one of ours. Confined to the admin thread.
 */
final class EventLog {
    private final int capacity;
    private final Deque<Kept> events = new ArrayDeque<>();
    private long newest;

    /** Up to this id, events may have been forgotten. */
    private long forgotten;

    /** An event that is kept. */
    private static final class Kept {
        final long id;
        final boolean replaceable;
        final byte[] text;

        Kept(long id, boolean replaceable, byte[] text) {
            this.id = id;
            this.replaceable = replaceable;
            this.text = text;
        }
    }

    /**
     * @param capacity how many events are kept
     * @param startMillis the time now, in milliseconds since 1970
     */
    EventLog(int capacity, long startMillis) {
        this.capacity = capacity;
        newest = startMillis * 1_000;
        forgotten = newest;
    }

    /** The id of the newest event; at first that of none. */
    long newest() {
        return newest;
    }

    /** Adds an event that will be told to all who missed it. */
    byte[] add(LongFunction<byte[]> event) {
        return add(event, false);
    }

    /** Adds an event that makes all earlier ones of this kind needless. */
    byte[] replace(LongFunction<byte[]> event) {
        events.removeIf(kept -> kept.replaceable);
        return add(event, true);
    }

    private byte[] add(LongFunction<byte[]> event, boolean replaceable) {
        byte[] text = event.apply(++newest);
        events.addLast(new Kept(newest, replaceable, text));
        if (events.size() > capacity) {
            forgotten = events.removeFirst().id;
        }
        return text;
    }

    /** The events after this one, oldest first; null if they are not all known. */
    @Nullable
    List<byte[]> after(long id) {
        if (id < forgotten || id > newest) {
            return null;
        }
        List<byte[]> missed = new ArrayList<>();
        for (Kept event : events) {
            if (event.id > id) {
                missed.add(event.text);
            }
        }
        return missed;
    }
}
