package io.turnout.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what is written to one channel, so that a head and a short body leave in one buffer and one system call.
 *
 * <p>Confined to the channel's event loop. Buffers handed over are owned by the channel from then on.
 */
public final class ChannelOutput {
    /** Up to this many octets are copied behind what is already gathered; longer content is passed on as it is. */
    private static final int COPY_BYTES = 4096;

    private static final int GATHER_BYTES = 1024;

    private final Channel channel;
    private @Nullable ByteBuf gathered;
    private boolean unflushed;

    /** An output to the channel. */
    public ChannelOutput(Channel channel) {
        this.channel = channel;
    }

    /** A buffer with room for at least so many more octets, to be written at its end; the output keeps it. */
    public ByteBuf room(int atLeast) {
        ByteBuf buffer = gathered;
        if (buffer != null && buffer.writableBytes() >= atLeast) {
            return buffer;
        }
        push();
        ByteBufAllocator allocator = channel.alloc();
        ByteBuf fresh = allocator.directBuffer(Math.max(GATHER_BYTES, atLeast));
        gathered = fresh;
        return fresh;
    }

    /** As {@link #room}, with space for a short body behind the head. */
    public ByteBuf roomForHead(int headBytes, long bodyBytes) {
        return room(headBytes + (bodyBytes > 0 && bodyBytes <= COPY_BYTES ? (int) bodyBytes : 0));
    }

    /** Writes a stretch of a buffer that stays the caller's; it is copied or retained as is cheaper. */
    public void write(ByteBuf source, int index, int length) {
        ByteBuf buffer = gathered;
        if (length <= COPY_BYTES && (buffer == null || buffer.writableBytes() >= length)) {
            room(length).writeBytes(source, index, length);
            return;
        }
        push();
        channel.write(source.retainedSlice(index, length), channel.voidPromise());
        unflushed = true;
    }

    /** Sends what has been written on its way. */
    public void flush() {
        push();
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    /** Whether the channel takes more; what is gathered but not pushed does not count. */
    public boolean isWritable() {
        return channel.isWritable();
    }

    /** Drops what has not been pushed; for a channel that is closing. */
    public void discard() {
        ByteBuf buffer = gathered;
        gathered = null;
        if (buffer != null) {
            buffer.release();
        }
    }

    private void push() {
        ByteBuf buffer = gathered;
        if (buffer == null) {
            return;
        }
        gathered = null;
        if (buffer.isReadable()) {
            channel.write(buffer, channel.voidPromise());
            unflushed = true;
        } else {
            buffer.release();
        }
    }
}
