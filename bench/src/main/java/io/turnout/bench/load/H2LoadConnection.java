package io.turnout.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.turnout.bench.wire.Dialect;
import io.turnout.bench.wire.H2FrameReader;
import io.turnout.bench.wire.H2Frames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the generator that speaks HTTP/2, {@link LoadPlan#STREAMS} requests at a time. Confined to the loop.
 *
 * <p>It asks for the same thing each time: the first request puts its fields into the table of names, the others only
 * point at them (RFC 7541 section 6). Of an answer it reads the status and the length.
 */
final class H2LoadConnection extends ChannelInboundHandlerAdapter implements LoadConnection, H2FrameReader.Listener {
    private static final int WINDOW = Integer.MAX_VALUE;
    private static final int REFILL_BYTES = 1 << 30;

    /** Of static table entries: {@code :method GET}, {@code :scheme http} and {@code https}, {@code :status 200}. */
    private static final int GET = 0x82;

    private static final int HTTP = 0x86;
    private static final int HTTPS = 0x87;
    private static final int STATUS_200 = 0x88;

    /** Names of static table entries, with the bit that adds the field to the dynamic table. */
    private static final int AUTHORITY = 0x41;

    private static final int PATH = 0x44;
    private static final int ACCEPT = 0x53;
    private static final int USER_AGENT = 0x7a;

    /** The four fields added, in the order they were: the latest stands at 62. */
    private static final byte[] KNOWN_FIELDS = {(byte) 0xc1, (byte) 0xc0, (byte) 0xbf, (byte) 0xbe};

    private static final int TABLE_SIZE_UPDATE = 0x20;
    private static final int TABLE_SIZE_UPDATE_MASK = 0xe0;
    private static final int TABLE_BYTES = 4096;
    private static final int FREE = 0;

    private final LoadPlan plan;
    private final Owner owner;
    private final H2FrameReader reader = new H2FrameReader(this);
    private final long bornNanos = System.nanoTime();
    private final int[] streams = new int[LoadPlan.STREAMS];
    private final long[] dueNanos = new long[LoadPlan.STREAMS];
    private final long[] sentNanos = new long[LoadPlan.STREAMS];
    private final long[] answerBytes = new long[LoadPlan.STREAMS];
    private final boolean[] answering = new boolean[LoadPlan.STREAMS];
    private @Nullable ChannelHandlerContext context;
    private int nextStream = 1;
    private int unreported;
    private boolean reading;
    private boolean over;

    H2LoadConnection(LoadPlan plan, Owner owner) {
        this.plan = plan;
        this.owner = owner;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        ByteBuf out = ctx.alloc().directBuffer();
        out.writeCharSequence(H2Frames.PREFACE, StandardCharsets.US_ASCII);
        H2Frames.settings(out, H2Frames.SETTING_ENABLE_PUSH, 0, H2Frames.SETTING_INITIAL_WINDOW_SIZE, WINDOW);
        H2Frames.windowUpdate(out, WINDOW - H2Frames.DEFAULT_WINDOW);
        ctx.write(out, ctx.voidPromise());
        for (int i = 0; i < LoadPlan.STREAMS && !over; i++) {
            owner.onReady(this);
        }
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new AssertionError("used before it was open");
        }
        return context;
    }

    @Override
    public void send(long due) {
        int slot = slotOf(FREE);
        streams[slot] = nextStream;
        dueNanos[slot] = due;
        sentNanos[slot] = System.nanoTime();
        answerBytes[slot] = 0;
        answering[slot] = false;
        context().write(request(), context().voidPromise());
        nextStream += 2;
        if (!reading) {
            context().flush();
        }
    }

    private ByteBuf request() {
        ByteBuf out = context().alloc().directBuffer(128);
        int start = out.writerIndex();
        out.writeZero(H2Frames.HEADER_BYTES);
        out.writeByte(GET).writeByte(plan.dialect() == Dialect.H2_TLS ? HTTPS : HTTP);
        if (nextStream == 1) {
            H2Frames.field(out, PATH, plan.request().target());
            H2Frames.field(
                    out,
                    AUTHORITY,
                    plan.target().getHostString() + ":" + plan.target().getPort());
            H2Frames.field(out, USER_AGENT, "bench");
            H2Frames.field(out, ACCEPT, "*/*");
        } else {
            out.writeBytes(KNOWN_FIELDS);
        }
        int end = out.writerIndex();
        out.writerIndex(start);
        int flags = H2Frames.END_HEADERS | H2Frames.END_STREAM;
        H2Frames.header(out, end - start - H2Frames.HEADER_BYTES, H2Frames.HEADERS, flags, nextStream);
        return out.writerIndex(end);
    }

    private int slotOf(int stream) {
        for (int i = 0; i < streams.length; i++) {
            if (streams[i] == stream) {
                return i;
            }
        }
        throw new IllegalArgumentException("found stream " + stream + ", expected one that was asked for");
    }

    @Override
    public long waitingSinceNanos() {
        long oldest = Long.MAX_VALUE;
        for (int i = 0; i < streams.length; i++) {
            oldest = streams[i] == FREE ? oldest : Math.min(oldest, sentNanos[i]);
        }
        return oldest;
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
        reading = true;
        try {
            if (!over) {
                reader.read(data);
            }
        } finally {
            data.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        ctx.flush();
    }

    @Override
    public void onFrame(int type, int flags, int stream, ByteBuf data, int length) {
        if (over) {
            return;
        }
        switch (type) {
            case H2Frames.HEADERS -> onHeaders(flags, stream, data);
            case H2Frames.DATA -> onData(flags, stream, length);
            case H2Frames.RST_STREAM, H2Frames.GOAWAY -> fail(Failure.CLOSED);
            case H2Frames.SETTINGS, H2Frames.PING -> acknowledge(type, flags, data, length);
            default -> {
                // What we may send is never bounded by a window, and there is nothing else to heed.
            }
        }
    }

    private void acknowledge(int type, int flags, ByteBuf data, int length) {
        if (type == H2Frames.SETTINGS && (flags & H2Frames.ACK) == 0) {
            requireTable(data, length);
        }
        ByteBuf out = context().alloc().directBuffer(H2Frames.HEADER_BYTES + length);
        H2Frames.acknowledge(out, type, flags, data, length);
        context().write(out, context().voidPromise());
    }

    /** The fields we point at later take room in the other side's table. */
    private static void requireTable(ByteBuf data, int length) {
        for (int at = data.readerIndex(); at < data.readerIndex() + length; at += H2Frames.SETTING_BYTES) {
            if (data.getUnsignedShort(at) == H2Frames.SETTING_HEADER_TABLE_SIZE && data.getInt(at + 2) < TABLE_BYTES) {
                throw new IllegalArgumentException("found a header table of " + data.getInt(at + 2) + " octets");
            }
        }
    }

    private void onHeaders(int flags, int stream, ByteBuf data) {
        int slot = slotOf(stream);
        if (!answering[slot]) {
            answering[slot] = true;
            if (!isOk(flags, data)) {
                fail(Failure.STATUS);
                return;
            }
        }
        if ((flags & H2Frames.END_STREAM) != 0) {
            onEnd(slot);
        }
    }

    /** The status comes first, and every encoder takes 200 from the static table. */
    private static boolean isOk(int flags, ByteBuf data) {
        int at = data.readerIndex()
                + ((flags & H2Frames.PADDED) != 0 ? 1 : 0)
                + ((flags & H2Frames.PRIORITY) != 0 ? 5 : 0);
        while ((data.getByte(at) & TABLE_SIZE_UPDATE_MASK) == TABLE_SIZE_UPDATE) {
            boolean goesOn = (data.getByte(at) & 0x1f) == 0x1f;
            at++;
            while (goesOn && data.getByte(at++) < 0) {
                // The number goes on.
            }
        }
        return data.getUnsignedByte(at) == STATUS_200;
    }

    private void onData(int flags, int stream, int length) {
        int slot = slotOf(stream);
        answerBytes[slot] += length;
        unreported += length;
        if (unreported >= REFILL_BYTES) {
            ByteBuf out = context().alloc().directBuffer();
            H2Frames.windowUpdate(out, unreported);
            context().write(out, context().voidPromise());
            unreported = 0;
        }
        if ((flags & H2Frames.END_STREAM) != 0) {
            onEnd(slot);
        }
    }

    private void onEnd(int slot) {
        streams[slot] = FREE;
        if (answerBytes[slot] != plan.request().answerBytes()) {
            fail(Failure.BODY);
            return;
        }
        owner.onAnswered(this, dueNanos[slot], sentNanos[slot], answerBytes[slot], true);
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
        if (Arrays.stream(streams).anyMatch(stream -> stream != FREE)) {
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
