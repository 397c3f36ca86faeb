package io.turnout.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.turnout.bench.wire.BodyPump;
import io.turnout.bench.wire.H1Reader;
import io.turnout.bench.wire.PatternBody;
import io.turnout.bench.wire.ReadThrottle;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** An HTTP/1.1 connection of the generator, one request at a time. Confined to the loop. */
final class H1LoadConnection extends ChannelInboundHandlerAdapter implements LoadConnection, H1Reader.Listener {
    private static final int RECEIPT_BYTES = 64;

    private final Rendered rendered;
    private final Owner owner;
    private final H1Reader reader = new H1Reader(H1Reader.Side.ANSWERS, this);
    private final ReadThrottle throttle;
    private final long bornNanos = System.nanoTime();
    private final StringBuilder receipt = new StringBuilder();
    private @Nullable ChannelHandlerContext context;
    private @Nullable BodyPump pump;
    private CRC32C sum = new CRC32C();
    private long dueNanos;
    private long sentNanos;
    private long answerBytes;
    private boolean waiting;
    private boolean over;

    /** A request as octets, and what its answer must be; shared by the connections of a run, which owns the octets. */
    record Rendered(RequestShape shape, ByteBuf head, long answerChecksum, String receipt) {
        static Rendered of(LoadPlan plan) {
            RequestShape shape = plan.request();
            String head = (shape.isUpload() ? "POST " : "GET ") + shape.target() + " HTTP/1.1\r\nHost: "
                    + plan.target().getHostString() + ':' + plan.target().getPort()
                    + "\r\nUser-Agent: bench\r\nAccept: */*\r\n"
                    + (shape.isUpload() ? "Content-Length: " + shape.uploadBytes() + "\r\n" : "")
                    + (plan.isFresh() ? "Connection: close\r\n" : "") + "\r\n";
            ByteBuf octets = Unpooled.directBuffer(head.length());
            octets.writeCharSequence(head, StandardCharsets.US_ASCII);
            boolean summed = shape.checking() == RequestShape.Checking.CONTENT;
            return new Rendered(
                    shape,
                    octets,
                    summed && !shape.isUpload() ? PatternBody.checksum(shape.answerBytes()) : 0,
                    shape.isUpload()
                            ? PatternBody.receipt(shape.uploadBytes(), PatternBody.checksum(shape.uploadBytes()))
                            : "");
        }
    }

    H1LoadConnection(Rendered rendered, Owner owner) {
        this.rendered = rendered;
        this.owner = owner;
        throttle = new ReadThrottle(rendered.shape.readBytesPerSecond());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        owner.onReady(this);
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new AssertionError("used before it was open");
        }
        return context;
    }

    @Override
    public void send(long due) {
        dueNanos = due;
        sentNanos = System.nanoTime();
        waiting = true;
        answerBytes = 0;
        ByteBuf head = rendered.head.retainedDuplicate();
        if (!rendered.shape.isUpload()) {
            context().writeAndFlush(head, context().voidPromise());
            return;
        }
        context().write(head, context().voidPromise());
        receipt.setLength(0);
        pump = new BodyPump(rendered.shape.uploadBytes());
        pump.pump(context());
    }

    @Override
    public long waitingSinceNanos() {
        return waiting ? sentNanos : Long.MAX_VALUE;
    }

    @Override
    public long bornNanos() {
        return bornNanos;
    }

    @Override
    public void close() {
        over = true;
        if (context != null) {
            context.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        try {
            if (!over) {
                throttle.onRead(ctx.channel(), data.readableBytes());
                reader.read(data);
            }
        } finally {
            data.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (pump != null && !over) {
            pump.pump(ctx);
        }
    }

    @Override
    public void onHead() {
        if (!waiting) {
            throw new IllegalArgumentException("found an answer that nobody asked for: " + reader.startLine());
        }
        if (rendered.shape.checking() == RequestShape.Checking.CONTENT) {
            sum = new CRC32C();
        }
    }

    @Override
    public void onBody(ByteBuf data, int length) {
        answerBytes += length;
        if (rendered.shape.isUpload()) {
            if (answerBytes <= RECEIPT_BYTES) {
                receipt.append(data.toString(data.readerIndex(), length, StandardCharsets.US_ASCII));
            }
        } else if (rendered.shape.checking() == RequestShape.Checking.CONTENT) {
            PatternBody.addTo(sum, data, length);
        }
    }

    @Override
    public void onEnd() {
        if (over) {
            return;
        }
        waiting = false;
        if (reader.status() != 200) {
            fail(Failure.STATUS);
        } else if (!isBodyRight()) {
            fail(Failure.BODY);
        } else {
            owner.onAnswered(this, dueNanos, sentNanos, rendered.shape.uploadBytes() + answerBytes, reader.keepAlive());
        }
    }

    private boolean isBodyRight() {
        if (rendered.shape.isUpload()) {
            return receipt.toString().equals(rendered.receipt);
        }
        return answerBytes == rendered.shape.answerBytes()
                && (rendered.shape.checking() == RequestShape.Checking.LENGTH
                        || sum.getValue() == rendered.answerChecksum);
    }

    private void fail(Failure failure) {
        close();
        owner.onFailed(this, failure);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (over) {
            return;
        }
        boolean proper = reader.onClose();
        if (over) {
            return;
        }
        if (waiting || !proper) {
            fail(Failure.CLOSED);
        } else {
            over = true;
            owner.onClosedIdle(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!over) {
            fail(cause instanceof IllegalArgumentException ? Failure.NOT_HTTP : Failure.CLOSED);
        }
    }
}
