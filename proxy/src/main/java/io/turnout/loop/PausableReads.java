package io.turnout.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads that heed a pause even when the other side has ended. Netty's epoll transport reads everything the socket holds
 * once it has heard of a FIN, paused or not: megabytes, kept for a client that is slow to take them. Here a channel that is
 * paused gets one buffer for a round of reading and no more; the rest stays with the kernel until reading goes on.
 *
 * <p>Safe for any thread because it is immutable; its handles are confined to the event loops of their channels.
 */
public final class PausableReads implements RecvByteBufAllocator {
    private final RecvByteBufAllocator sizes;

    /** Reads of the sizes that another allocator finds. */
    public PausableReads(RecvByteBufAllocator sizes) {
        this.sizes = sizes;
    }

    @Override
    public ExtendedHandle newHandle() {
        return new PausableHandle(sizes);
    }

    private static final class PausableHandle extends DelegatingHandle implements ExtendedHandle {
        private @Nullable ChannelConfig config;
        private boolean hasRead;
        private boolean refused;

        PausableHandle(RecvByteBufAllocator sizes) {
            super(sizes.newHandle());
        }

        @Override
        public void reset(ChannelConfig channelConfig) {
            config = channelConfig;
            hasRead = false;
            refused = false;
            super.reset(channelConfig);
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            refused = hasRead && config != null && !config.isAutoRead();
            return refused ? Unpooled.EMPTY_BUFFER : super.allocate(allocator);
        }

        @Override
        public void incMessagesRead(int messages) {
            hasRead = true;
            super.incMessagesRead(messages);
        }

        @Override
        public void lastBytesRead(int bytes) {
            if (!refused) {
                super.lastBytesRead(bytes);
            }
        }

        /** Nothing for now; a read into no room at all looks like the end of the stream to the transport. */
        @Override
        public int lastBytesRead() {
            return refused ? 0 : super.lastBytesRead();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier mayHaveMore) {
            return ((ExtendedHandle) delegate()).continueReading(mayHaveMore);
        }
    }
}
