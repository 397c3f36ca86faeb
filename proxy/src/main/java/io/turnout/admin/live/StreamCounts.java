package io.turnout.admin.live;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What became of the event stream's clients and events. Written on the admin thread, read by any. */
public final class StreamCounts {
    final AtomicInteger clients = new AtomicInteger();
    final AtomicLong sent = new AtomicLong();
    final AtomicLong dropped = new AtomicLong();
    final AtomicLong refused = new AtomicLong();

    /** Clients that listen now. */
    public int clients() {
        return clients.get();
    }

    /** Events sent, counted for each client. */
    public long sent() {
        return sent.get();
    }

    /** Clients dropped because they did not take what was sent. */
    public long dropped() {
        return dropped.get();
    }

    /** Clients refused because too many listened. */
    public long refused() {
        return refused.get();
    }
}
