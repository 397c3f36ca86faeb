package io.turnout.bench.wire;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;

/**
 * Makes a connection read slowly: after what was read it rests until that much was due. Confined to the event loop of
 * its connection.
 */
public final class ReadThrottle {
    /** A rest shorter than this is saved up: timers are not finer. */
    private static final long SHORTEST_REST_NANOS = 1_000_000;

    private final long bytesPerSecond;
    private long dueNanos = Long.MIN_VALUE;

    /** @param bytesPerSecond 0 for as fast as it comes */
    public ReadThrottle(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Some octets were read; lets the channel rest if they came too early. */
    public void onRead(Channel channel, int bytes) {
        if (bytesPerSecond == 0) {
            return;
        }
        long rest = restNanos(bytes, System.nanoTime());
        if (rest > 0) {
            channel.config().setAutoRead(false);
            channel.eventLoop().schedule(() -> channel.config().setAutoRead(true), rest, TimeUnit.NANOSECONDS);
        }
    }

    /** How long to rest after octets that were read now; 0 for not at all. */
    long restNanos(int bytes, long nowNanos) {
        // Time that passed unused is not made up for by a burst.
        long from = dueNanos == Long.MIN_VALUE || dueNanos - nowNanos < 0 ? nowNanos : dueNanos;
        dueNanos = from + bytes * 1_000_000_000L / bytesPerSecond;
        long rest = dueNanos - nowNanos;
        return rest < SHORTEST_REST_NANOS ? 0 : rest;
    }
}
