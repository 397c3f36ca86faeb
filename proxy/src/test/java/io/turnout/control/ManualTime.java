package io.turnout.control;

import io.turnout.model.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Both clocks, moved by hand. Safe for any thread. */
final class ManualTime implements Ticker, InstantSource {
    private volatile long nanos = Long.MAX_VALUE - 1_000_000_000L; // overflows soon: only differences may be used
    private volatile Instant instant = Instant.parse("2026-03-01T12:00:00Z");

    /** Both go on together. */
    synchronized void pass(Duration time) {
        nanos += time.toNanos();
        instant = instant.plus(time);
    }

    /** Somebody sets the wall clock. */
    synchronized void setWallClock(Duration by) {
        instant = instant.plus(by);
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return instant;
    }
}
