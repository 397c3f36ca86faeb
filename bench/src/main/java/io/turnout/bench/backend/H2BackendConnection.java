package io.turnout.bench.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.turnout.bench.wire.H2FrameReader;
import io.turnout.bench.wire.H2Frames;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One connection from a proxy that speaks HTTP/2 with prior knowledge: answers every request with 1 KiB, whatever it
 * asks for. Confined to its event loop.
 */
final class H2BackendConnection extends ChannelInboundHandlerAdapter implements H2FrameReader.Listener {
    private static final int STREAMS_AT_ONCE = 1000;
    private static final int SETTING_MAX_CONCURRENT_STREAMS = 3;

    /** What the proxy may send without asking; as much again once a quarter of it has come. */
    private static final int WINDOW = 1 << 30;

    private final Answers answers;
    private final AtomicLong answered;
    private final H2FrameReader reader = new H2FrameReader(this);

    /** Requests whose answer waits until the proxy takes more. */
    private final ArrayDeque<Integer> waiting = new ArrayDeque<>();

    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private int prefaceLeft = H2Frames.PREFACE.length();
    private long window = H2Frames.DEFAULT_WINDOW;
    private int received;

    H2BackendConnection(Answers answers, AtomicLong answered) {
        this.answers = answers;
        this.answered = answered;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        out = ctx.alloc().directBuffer();
        try {
            begin(data);
            reader.read(data);
        } finally {
            data.release();
            ctx.write(out, ctx.voidPromise());
        }
    }

    private void begin(ByteBuf data) {
        if (prefaceLeft == H2Frames.PREFACE.length()) {
            H2Frames.settings(
                    out, SETTING_MAX_CONCURRENT_STREAMS, STREAMS_AT_ONCE, H2Frames.SETTING_INITIAL_WINDOW_SIZE, WINDOW);
            H2Frames.windowUpdate(out, WINDOW);
        }
        int skipped = Math.min(prefaceLeft, data.readableBytes());
        data.skipBytes(skipped);
        prefaceLeft -= skipped;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void onFrame(int type, int flags, int stream, ByteBuf data, int length) {
        switch (type) {
            case H2Frames.HEADERS, H2Frames.DATA -> {
                onReceived(type == H2Frames.DATA ? length : 0);
                if ((flags & H2Frames.END_STREAM) != 0) {
                    waiting.add(stream);
                    answerWaiting();
                }
            }
            case H2Frames.WINDOW_UPDATE -> {
                if (stream == 0) {
                    window += data.getInt(data.readerIndex());
                    answerWaiting();
                }
            }
            case H2Frames.RST_STREAM -> waiting.remove(stream);
            default -> H2Frames.acknowledge(out, type, flags, data, length);
        }
    }

    private void onReceived(int octets) {
        received += octets;
        if (received >= WINDOW / 4) {
            H2Frames.windowUpdate(out, received);
            received = 0;
        }
    }

    private void answerWaiting() {
        while (!waiting.isEmpty() && window >= Answers.SMALL_BYTES) {
            window -= Answers.SMALL_BYTES;
            answers.writeSmallTo(out, waiting.remove());
            answered.lazySet(answered.get() + 1);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
