package io.turnout.bench.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;

/**
 * Writes a {@link PatternBody} as fast as the connection takes it, holding no more than the channel's high water mark.
 * Confined to the event loop of its connection.
 */
public final class BodyPump {
    private final long bytes;
    private long written;
    private boolean pumping;

    /** A pump for a body of so many octets, all still to be written. */
    public BodyPump(long bytes) {
        this.bytes = bytes;
    }

    /** Whether all octets have been handed to the channel. */
    public boolean isDone() {
        return written == bytes;
    }

    /** Writes while the channel is writable; call it at first and on each change of writability. */
    public void pump(ChannelHandlerContext context) {
        if (pumping) {
            // A write may change the writability, and so call us again from inside the loop below.
            return;
        }
        pumping = true;
        Channel channel = context.channel();
        while (written < bytes && channel.isWritable()) {
            var slice = PatternBody.slice(written, bytes - written);
            written += slice.readableBytes();
            context.write(slice, context.voidPromise());
            if (!channel.isWritable() || written == bytes) {
                context.flush();
            }
        }
        pumping = false;
    }
}
