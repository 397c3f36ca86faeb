package io.turnout.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes the frames that most answers and requests consist of one behind the other into one buffer, which leaves as a
 * whole: a frame costs neither an object nor an entry in the channel's queue, and what many streams say in one turn of
 * the event loop is one piece of memory to the kernel.
 *
 * <p>All other frames are the codec's. What has been gathered goes before them, so that the order is that of the calls.
 * Confined to its connection's event loop.
 */
final class FrameOutput extends DecoratingHttp2FrameWriter {
    /** Content up to this many octets is cheaper to copy than to pass on as a buffer of its own. */
    static final int COPIED_BYTES = 4 * 1024;

    private static final int FRAME_HEADER_BYTES = 9;

    /** Several answers; a size class of the allocator. */
    private static final int BUFFER_BYTES = 8 * 1024;

    /** Few heads are larger; the buffer grows for them. */
    private static final int HEAD_BYTES = 512;

    private static final byte END_STREAM = Http2Flags.END_STREAM;
    private static final byte END_HEADERS = Http2Flags.END_HEADERS;
    private static final int NO_STREAM = 0;

    private final Http2HeadersEncoder heads;
    private @Nullable ByteBuf gathered;
    private int lastStream = NO_STREAM;
    private int lastFlags;
    private boolean closed;

    /** Where the codec's frames go as well. */
    FrameOutput(Http2HeadersEncoder heads) {
        super(new DefaultHttp2FrameWriter(heads));
        this.heads = heads;
    }

    /**
     * Gathers a field section.
     *
     * @throws Http2Exception if the peer takes no section so large; nothing has been written then
     */
    void headers(ChannelHandlerContext ctx, int stream, Http2Headers section, boolean end) throws Http2Exception {
        ByteBuf out = room(ctx, FRAME_HEADER_BYTES + HEAD_BYTES);
        int start = out.writerIndex();
        out.writeZero(FRAME_HEADER_BYTES);
        try {
            heads.encodeHeaders(stream, section, out);
        } catch (Http2Exception e) {
            out.writerIndex(start);
            throw e;
        }
        int length = out.writerIndex() - start - FRAME_HEADER_BYTES;
        int most = configuration().frameSizePolicy().maxFrameSize();
        int flags = end ? END_STREAM : 0;
        if (length <= most) {
            frameHeader(out, start, length, Http2FrameTypes.HEADERS, flags | END_HEADERS, stream);
        } else {
            frameHeader(out, start, most, Http2FrameTypes.HEADERS, flags, stream);
            continuations(out, start + FRAME_HEADER_BYTES + most, most, stream);
        }
    }

    /** Puts the rest of a header block, from here to the end of the buffer, into frames of their own. */
    private static void continuations(ByteBuf out, int from, int most, int stream) {
        ByteBuf rest = out.copy(from, out.writerIndex() - from);
        out.writerIndex(from);
        while (rest.isReadable()) {
            int length = Math.min(most, rest.readableBytes());
            int start = out.writerIndex();
            out.writeZero(FRAME_HEADER_BYTES);
            int flags = length == rest.readableBytes() ? END_HEADERS : 0;
            frameHeader(out, start, length, Http2FrameTypes.CONTINUATION, flags, stream);
            out.writeBytes(rest, length);
        }
        rest.release();
    }

    /** Gathers content, at most {@link #COPIED_BYTES} of it; the buffer stays the caller's. */
    void data(ChannelHandlerContext ctx, int stream, ByteBuf content, int index, int length, boolean end) {
        if (length == 0 && end && lastStream == stream) {
            endLast();
            return;
        }
        ByteBuf out = room(ctx, FRAME_HEADER_BYTES + length);
        int start = out.writerIndex();
        out.writeZero(FRAME_HEADER_BYTES);
        out.writeBytes(content, index, length);
        frameHeader(out, start, length, Http2FrameTypes.DATA, end ? END_STREAM : 0, stream);
        lastStream = stream;
        lastFlags = start + 4;
    }

    /** The stream ends with the frame of content that was gathered last. */
    private void endLast() {
        ByteBuf out = Objects.requireNonNull(gathered);
        out.setByte(lastFlags, out.getByte(lastFlags) | END_STREAM);
        lastStream = NO_STREAM;
    }

    /** Section 4.1 of RFC 9113. */
    private static void frameHeader(ByteBuf out, int start, int length, byte type, int flags, int stream) {
        out.setMedium(start, length);
        out.setByte(start + 3, type);
        out.setByte(start + 4, flags);
        out.setInt(start + 5, stream);
    }

    private ByteBuf room(ChannelHandlerContext ctx, int bytes) {
        ByteBuf out = gathered;
        if (out != null && out.writableBytes() < bytes) {
            handOver(ctx);
            out = null;
        }
        lastStream = NO_STREAM;
        if (out == null) {
            out = ctx.alloc().directBuffer(Math.max(BUFFER_BYTES, bytes));
            gathered = out;
        }
        return out;
    }

    /** Hands what has been gathered to the channel; it leaves with the next flush. */
    void handOver(ChannelHandlerContext ctx) {
        ByteBuf out = gathered;
        if (out != null) {
            gathered = null;
            lastStream = NO_STREAM;
            ctx.write(out, ctx.voidPromise());
        }
    }

    /** Whether the connection is over; nothing may be gathered any more. */
    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        ByteBuf out = gathered;
        gathered = null;
        if (out != null) {
            out.release();
        }
        super.close();
    }

    // ---- frames of the codec, behind what has been gathered --------------------------------------------------------

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext ctx, int stream, ByteBuf data, int padding, boolean end, ChannelPromise promise) {
        handOver(ctx);
        return super.writeData(ctx, stream, data, padding, end, promise);
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int stream,
            Http2Headers headers,
            int padding,
            boolean end,
            ChannelPromise promise) {
        handOver(ctx);
        return super.writeHeaders(ctx, stream, headers, padding, end, promise);
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int stream,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end,
            ChannelPromise promise) {
        handOver(ctx);
        return super.writeHeaders(ctx, stream, headers, dependency, weight, exclusive, padding, end, promise);
    }

    @Override
    public ChannelFuture writePriority(
            ChannelHandlerContext ctx,
            int stream,
            int dependency,
            short weight,
            boolean exclusive,
            ChannelPromise promise) {
        handOver(ctx);
        return super.writePriority(ctx, stream, dependency, weight, exclusive, promise);
    }

    @Override
    public ChannelFuture writeRstStream(ChannelHandlerContext ctx, int stream, long error, ChannelPromise promise) {
        handOver(ctx);
        return super.writeRstStream(ctx, stream, error, promise);
    }

    @Override
    public ChannelFuture writeSettings(ChannelHandlerContext ctx, Http2Settings settings, ChannelPromise promise) {
        handOver(ctx);
        return super.writeSettings(ctx, settings, promise);
    }

    @Override
    public ChannelFuture writeSettingsAck(ChannelHandlerContext ctx, ChannelPromise promise) {
        handOver(ctx);
        return super.writeSettingsAck(ctx, promise);
    }

    @Override
    public ChannelFuture writePing(ChannelHandlerContext ctx, boolean ack, long data, ChannelPromise promise) {
        handOver(ctx);
        return super.writePing(ctx, ack, data, promise);
    }

    @Override
    public ChannelFuture writePushPromise(
            ChannelHandlerContext ctx,
            int stream,
            int promised,
            Http2Headers headers,
            int padding,
            ChannelPromise promise) {
        handOver(ctx);
        return super.writePushPromise(ctx, stream, promised, headers, padding, promise);
    }

    @Override
    public ChannelFuture writeGoAway(
            ChannelHandlerContext ctx, int lastStreamId, long error, ByteBuf text, ChannelPromise promise) {
        handOver(ctx);
        return super.writeGoAway(ctx, lastStreamId, error, text, promise);
    }

    @Override
    public ChannelFuture writeWindowUpdate(ChannelHandlerContext ctx, int stream, int bytes, ChannelPromise promise) {
        handOver(ctx);
        return super.writeWindowUpdate(ctx, stream, bytes, promise);
    }

    @Override
    public ChannelFuture writeFrame(
            ChannelHandlerContext ctx,
            byte type,
            int stream,
            Http2Flags flags,
            ByteBuf payload,
            ChannelPromise promise) {
        handOver(ctx);
        return super.writeFrame(ctx, type, stream, flags, payload, promise);
    }
}
