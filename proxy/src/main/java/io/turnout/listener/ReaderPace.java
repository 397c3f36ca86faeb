package io.turnout.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.turnout.snapshot.ListenerPlan;

/**
 * Whether a client takes its answer fast enough: between two looks, at least what the least rate asks for.
 *
 * <p>Confined to its connection's event loop.
 */
final class ReaderPace {
    private static final long UNKNOWN = -1;

    /** Octets between two looks, which are half of the time a connection may rest apart. */
    private final long leastBytes;

    private long pendingBytes = UNKNOWN;

    ReaderPace(ListenerPlan plan) {
        leastBytes = Math.max(1, (long) (plan.limits().minRateBytes() * (plan.idleNanos() / 2e9)));
    }

    /** The client has begun not to take what it is sent. */
    void begin() {
        pendingBytes = UNKNOWN;
    }

    /** Looks at how much is still to be sent; answers whether that will do. */
    boolean keepsUp(Channel channel) {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        long pending = unsent == null ? 0 : unsent.totalPendingWriteBytes();
        boolean stalled = pending != 0 && pendingBytes != UNKNOWN && pending > pendingBytes - leastBytes;
        pendingBytes = pending;
        return !stalled;
    }

    /** Whether the last look found something still to be sent. */
    boolean isOwed() {
        return pendingBytes > 0;
    }
}
