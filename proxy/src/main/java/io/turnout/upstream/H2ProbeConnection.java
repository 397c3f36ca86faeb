package io.turnout.upstream;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.turnout.h2.FrameCodec;
import io.turnout.http.H2ResponseReader;
import io.turnout.http.HeadLimits;
import io.turnout.http.Method;
import io.turnout.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one probe to an endpoint that speaks HTTP/2: sends a GET, tells the answer's status and is gone.
 * Confined to its event loop.
 */
final class H2ProbeConnection extends Http2ConnectionHandler implements RunningProbe {
    private static final int STREAM = 1;
    private static final AsciiString AGENT = AsciiString.cached("turnout-health");

    private final EndpointProbe probe;
    private final UpstreamLoop loop;
    private final AsciiString path;
    private final AsciiString authority;
    private @Nullable ChannelHandlerContext context;
    private boolean told;
    private boolean closed;

    private H2ProbeConnection(EndpointProbe probe, UpstreamLoop loop, String path, String authority, FrameCodec codec) {
        super(codec.decoder(), codec.encoder(), new Http2Settings().pushEnabled(false), true, false);
        this.probe = probe;
        this.loop = loop;
        this.path = new AsciiString(path);
        this.authority = new AsciiString(authority);
        codec.decoder().frameListener(new Answer());
    }

    static H2ProbeConnection create(EndpointProbe probe, UpstreamLoop loop, String path, String authority) {
        int headBytes = HeadLimits.DEFAULT.headBytes();
        FrameCodec codec = FrameCodec.create(FrameCodec.Role.CLIENT, headBytes, 0, loop.ticker());
        return new H2ProbeConnection(probe, loop, path, authority, codec);
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
        Http2Headers get = ReadOnlyHttp2Headers.clientHeaders(
                false,
                AsciiString.cached("GET"),
                path,
                AsciiString.cached("http"),
                authority,
                AsciiString.cached("user-agent"),
                AGENT);
        encoder().writeHeaders(ctx, STREAM, get, 0, true, ctx.newPromise());
        flush(ctx);
    }

    private void onAnswer(ChannelHandlerContext ctx, Http2Headers section, boolean end) {
        ResponseHead head = loop.heads().borrowResponse();
        boolean valid = H2ResponseReader.read(section, end, Method.GET, head, HeadLimits.DEFAULT);
        int status = head.status();
        boolean interim = valid && head.isInterim();
        loop.heads().giveBack(head);
        if (interim) {
            return;
        }
        told = true;
        goAway(ctx, 0, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        if (valid) {
            probe.onStatus(this, status);
        } else {
            probe.onFailed(this, "an answer that is not valid HTTP");
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
                onAnswer(ctx, headers, endOfStream);
            }
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
            ctx.close();
        }
    }
}
