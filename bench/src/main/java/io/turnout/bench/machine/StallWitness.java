package io.turnout.bench.machine;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that wants to run every millisecond and notes by how much it was kept from it at worst: virtual machines stand
 * still now and then, and that must not be blamed on a proxy.
 *
 * <p>It competes for the harness's core, so a busy generator shows as a few milliseconds; a standstill shows as tens.
 * Safe for any thread.
 */
public final class StallWitness implements AutoCloseable {
    private static final long PERIOD_NANOS = 1_000_000;

    private final AtomicLong longestNanos = new AtomicLong();
    private final Thread thread = new Thread(this::watch, "stall-witness");
    private volatile boolean closing;

    private StallWitness() {}

    /** Starts watching. */
    public static StallWitness start() {
        StallWitness witness = new StallWitness();
        witness.thread.setDaemon(true);
        witness.thread.start();
        return witness;
    }

    /** The longest stall since the last call, in milliseconds. */
    public double takeLongestMillis() {
        return longestNanos.getAndSet(0) / 1e6;
    }

    private void watch() {
        long before = System.nanoTime();
        while (!closing) {
            LockSupport.parkNanos(PERIOD_NANOS);
            long now = System.nanoTime();
            longestNanos.accumulateAndGet(now - before - PERIOD_NANOS, Math::max);
            before = now;
        }
    }

    @Override
    public void close() {
        closing = true;
    }
}
