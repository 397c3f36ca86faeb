package io.turnout.telemetry.health;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells the event loops that the health of one of a pool's endpoints has changed. Lives as long as the pool stays in the
 * configuration.
 *
 * <p>Safe for any thread: a counter that only grows. A request reads it once and looks closer only when it has moved.
 */
public final class PoolHealth {
    private final AtomicLong version = new AtomicLong();

    /** Moves whenever something has changed that is not the mere passing of time. */
    public long version() {
        return version.get();
    }

    void onChange() {
        version.incrementAndGet();
    }
}
