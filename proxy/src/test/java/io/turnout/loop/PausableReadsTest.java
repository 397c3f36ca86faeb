package io.turnout.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rounds of reading as the epoll transport makes them. */
class PausableReadsTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ChannelConfig config = channel.config();
    private final ExtendedHandle handle =
            new PausableReads(new AdaptiveRecvByteBufAllocator(512, 2048, 16_384)).newHandle();

    @BeforeEach
    void beginRound() {
        handle.reset(config);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    /** One read that found so much; answers how much there was room for. */
    private int read(int found) {
        ByteBuf buffer = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
        int room = buffer.writableBytes();
        buffer.release();
        handle.attemptedBytesRead(room);
        handle.lastBytesRead(found);
        if (handle.lastBytesRead() > 0) {
            handle.incMessagesRead(1);
        }
        return room;
    }

    @Test
    void hasRoomForReadAfterReadWhileNobodyPauses() {
        for (int i = 0; i < 10; i++) {
            assertThat(read(100)).isPositive();
            assertThat(handle.lastBytesRead()).isEqualTo(100);
        }
    }

    @Test
    void hasNoRoomAfterTheReadThatPaused() {
        read(100);
        config.setAutoRead(false);
        assertThat(read(-1)).isZero();
        assertThat(handle.lastBytesRead()).as("not the end").isZero();
    }

    @Test
    void hasRoomForOneReadThatSomebodyAskedForWhilePaused() {
        config.setAutoRead(false);
        assertThat(read(100)).isPositive();
        assertThat(read(-1)).isZero();
    }

    @Test
    void tellsTheEndWhenNothingIsLeftBeforeIt() {
        config.setAutoRead(false);
        assertThat(read(-1)).isPositive();
        assertThat(handle.lastBytesRead()).isEqualTo(-1);
    }

    @Test
    void hasRoomAgainInTheNextRoundAfterAPause() {
        read(100);
        config.setAutoRead(false);
        read(-1);
        config.setAutoRead(true);
        handle.reset(config);
        assertThat(read(100)).isPositive();
        assertThat(read(-1)).isPositive();
        assertThat(handle.lastBytesRead()).isEqualTo(-1);
    }
}
