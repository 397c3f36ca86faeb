package io.turnout.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.AsciiString;
import io.turnout.h2.FrameCodec;
import io.turnout.http.H2ResponseReader;
import io.turnout.http.HeadLimits;
import io.turnout.http.Method;
import io.turnout.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one probe to an endpoint that speaks HTTP/2: asks on its only stream, tells what came of it and is
 * gone. What is asked is the subclass's. Confined to its event loop.
 */
abstract class H2ProbeConnection extends Http2ConnectionHandler implements RunningProbe {
    static final int STREAM = 1;
    static final AsciiString AGENT = AsciiString.cached("turnout-health");

    private final EndpointProbe probe;
    private final UpstreamLoop loop;
    private @Nullable ChannelHandlerContext context;
    private boolean headRead;
    private boolean told;
    private boolean closed;

    H2ProbeConnection(EndpointProbe probe, UpstreamLoop loop) {
        this(probe, loop, codec(loop));
    }

    private H2ProbeConnection(EndpointProbe probe, UpstreamLoop loop, FrameCodec codec) {
        super(codec.decoder(), codec.encoder(), new Http2Settings().pushEnabled(false), true, false);
        this.probe = probe;
        this.loop = loop;
        codec.decoder().frameListener(new Answer());
    }

    private static FrameCodec codec(UpstreamLoop loop) {
        return FrameCodec.create(FrameCodec.Role.CLIENT, HeadLimits.DEFAULT.headBytes(), 0, loop.ticker());
    }

    /** Writes the question to {@link #STREAM}; it is flushed afterwards. */
    abstract void ask(ChannelHandlerContext ctx);

    /**
     * A section has come that is not interim.
     *
     * @param status of the answer
     */
    abstract void onHead(int status, Http2Headers section, boolean end);

    /** Trailers have come, and with them the end. */
    void onTrailers(Http2Headers trailers) {}

    /** Content has come; it is the codec's. */
    void onContent(ByteBuf content, boolean end) {}

    /** Tells the answer, and leaves. */
    final void tell(String what, EndpointProbe.Verdict verdict) {
        told = true;
        leave();
        probe.onAnswer(this, what, verdict);
    }

    /** Tells that there is no answer to be had, and leaves. */
    final void giveUp(String why) {
        told = true;
        leave();
        probe.onFailed(this, why);
    }

    private void leave() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            goAway(ctx, 0, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void close() {
        closed = true;
        if (context != null) {
            context.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        context = added;
        super.handlerAdded(added);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        if (closed) {
            ctx.close();
            return;
        }
        ask(ctx);
        flush(ctx);
    }

    private void onSection(Http2Headers section, boolean end) {
        if (headRead) {
            if (end) {
                onTrailers(section);
            } else {
                giveUp("an answer that is not valid HTTP");
            }
            return;
        }
        ResponseHead head = loop.heads().borrowResponse();
        boolean valid = H2ResponseReader.read(section, end, Method.GET, head, HeadLimits.DEFAULT);
        int status = head.status();
        boolean interim = valid && head.isInterim();
        loop.heads().giveBack(head);
        if (!valid) {
            giveUp("an answer that is not valid HTTP");
        } else if (!interim) {
            headRead = true;
            onHead(status, section, end);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        context = null;
        super.channelInactive(ctx);
        if (!told) {
            probe.onFailed(this, "a connection closed without an answer");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        ctx.close();
    }

    /** What the codec has found in order. */
    private final class Answer extends Http2FrameAdapter {
        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int streamId,
                Http2Headers headers,
                int streamDependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean endOfStream) {
            if (!told && !closed) {
                onSection(headers, endOfStream);
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
            int octets = data.readableBytes() + padding;
            if (!told && !closed) {
                onContent(data, endOfStream);
            }
            return octets;
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
            ctx.close();
        }
    }
}
