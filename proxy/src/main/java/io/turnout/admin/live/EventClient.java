package io.turnout.admin.live;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.util.function.BooleanSupplier;

/**
 * One who listens. What it does not take waits in memory, up to a limit, and not for long: nobody else waits for it.
 *
 * <p>Confined to the admin thread.
 */
final class EventClient {
    /** What may wait besides the first event. */
    static final long MAX_WAITING_BYTES = 1 << 20;

    /** Ticks without progress after which it counts as stuck. */
    static final int MAX_STUCK_TICKS = 10;

    /** A stuck client shows when this much waits in the kernel; by default that would be megabytes. */
    private static final int KERNEL_BYTES = 64 * 1024;

    private final Channel channel;
    private final BooleanSupplier allowed;
    private long maxWaitingBytes = MAX_WAITING_BYTES;
    private long waitingBefore;
    private int stuckTicks;

    /**
     * @param allowed whether it still may listen
     */
    EventClient(Channel channel, BooleanSupplier allowed) {
        this.channel = channel;
        this.allowed = allowed;
        channel.config().setOption(ChannelOption.SO_SNDBUF, KERNEL_BYTES);
    }

    Channel channel() {
        return channel;
    }

    boolean isAllowed() {
        return allowed.getAsBoolean();
    }

    /** Sends the first event, however large. */
    void begin(byte[] event) {
        maxWaitingBytes = MAX_WAITING_BYTES + 2L * event.length;
        send(event);
    }

    /** Sends an event. */
    void send(byte[] event) {
        channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(event)), channel.voidPromise());
        waitingBefore = waiting();
    }

    /** Whether so little waits that one more event, which the next will replace, does no harm. */
    boolean isReady() {
        return channel.isWritable();
    }

    /** Whether more waits for it than may. */
    boolean isFull() {
        return waiting() > maxWaitingBytes;
    }

    /** Takes note of a tick: whether it has taken nothing of what waits for many ticks in a row. */
    boolean isStuck() {
        long waiting = waiting();
        stuckTicks = waiting > 0 && waiting >= waitingBefore ? stuckTicks + 1 : 0;
        waitingBefore = waiting;
        return stuckTicks >= MAX_STUCK_TICKS;
    }

    private long waiting() {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }
}
