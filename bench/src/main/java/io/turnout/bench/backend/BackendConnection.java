package io.turnout.bench.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.turnout.bench.wire.BodyPump;
import io.turnout.bench.wire.H1Reader;
import io.turnout.bench.wire.PatternBody;
import io.turnout.bench.wire.ReadThrottle;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** One connection from a proxy: reads requests, answers each by its path. Confined to its event loop. */
final class BackendConnection extends ChannelInboundHandlerAdapter implements H1Reader.Listener {
    private static final byte[] SMALL = "GET /1k ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LARGE = "GET /1m ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String BYTES = "/bytes/";
    private static final String RATE = "rate=";

    /** What becomes of a request's body. */
    private enum Use {
        IGNORE,
        SUM,
        ECHO
    }

    private final Answers answers;
    private final AtomicLong answered;
    private final H1Reader reader = new H1Reader(H1Reader.Side.REQUESTS, this);
    private @Nullable ChannelHandlerContext context;
    private ReadThrottle throttle = new ReadThrottle(0);
    private CRC32C sum = new CRC32C();
    private long bodyBytes;
    private Use use = Use.IGNORE;
    private @Nullable ByteBuf answer;
    private @Nullable BodyPump pump;
    private boolean resting;

    BackendConnection(Answers answers, AtomicLong answered) {
        this.answers = answers;
        this.answered = answered;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new AssertionError("used before it was added to a pipeline");
        }
        return context;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        try {
            throttle.onRead(ctx.channel(), data.readableBytes());
            reader.read(data);
        } finally {
            data.release();
        }
    }

    @Override
    public void onHead() {
        use = Use.IGNORE;
        if (reader.startsWith(SMALL)) {
            answer = answers.small();
            return;
        }
        if (reader.startsWith(LARGE)) {
            answer = answers.large();
            return;
        }
        String[] parts = reader.startLine().split(" ", 3);
        onTarget(parts.length == 3 ? parts[1] : "");
        if (reader.expectsContinue()) {
            context().writeAndFlush(Unpooled.wrappedBuffer(CONTINUE), context().voidPromise());
        }
    }

    private void onTarget(String target) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        if (path.equals("/sink")) {
            use = Use.SUM;
            sum = new CRC32C();
            bodyBytes = 0;
            throttle = new ReadThrottle(query.startsWith(RATE) ? Long.parseLong(query.substring(RATE.length())) : 0);
        } else if (path.equals("/echo") && reader.contentLength() >= 0) {
            use = Use.ECHO;
            context().write(answers.headFor(reader.contentLength()), context().voidPromise());
        } else if (path.startsWith(BYTES)) {
            long bytes = Long.parseLong(path.substring(BYTES.length()));
            answer = answers.headFor(bytes);
            pump = new BodyPump(bytes);
        } else if (path.equals("/healthz")) {
            answer = answers.text("200 OK", "well");
        } else {
            answer = answers.text("404 Not Found", "no " + target);
        }
    }

    @Override
    public void onBody(ByteBuf data, int length) {
        switch (use) {
            case IGNORE -> {
                // Nobody asked for it.
            }
            case SUM -> {
                PatternBody.addTo(sum, data, length);
                bodyBytes += length;
            }
            case ECHO -> {
                context()
                        .writeAndFlush(
                                data.retainedSlice(data.readerIndex(), length),
                                context().voidPromise());
                restWhileUnwritable();
            }
        }
    }

    private void restWhileUnwritable() {
        if (!resting && !context().channel().isWritable()) {
            resting = true;
            context().channel().config().setAutoRead(false);
        }
    }

    @Override
    public void onEnd() {
        answered.lazySet(answered.get() + 1);
        throttle = new ReadThrottle(0);
        if (use == Use.ECHO) {
            context().flush();
            return;
        }
        if (use == Use.SUM) {
            answer = answers.text("200 OK", PatternBody.receipt(bodyBytes, sum.getValue()));
        }
        ByteBuf written = answer;
        answer = null;
        if (written == null) {
            throw new AssertionError("a request ended that had no answer");
        }
        context().writeAndFlush(written, context().voidPromise());
        pumpOn();
    }

    private void pumpOn() {
        if (pump != null) {
            pump.pump(context());
            pump = pump.isDone() ? null : pump;
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (resting && ctx.channel().isWritable()) {
            resting = false;
            ctx.channel().config().setAutoRead(true);
        }
        pumpOn();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        pump = null;
        if (answer != null) {
            answer.release();
            answer = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
