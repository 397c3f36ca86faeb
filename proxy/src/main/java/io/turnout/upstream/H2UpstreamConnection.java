package io.turnout.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection.PropertyKey;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.turnout.h2.FrameBudget;
import io.turnout.h2.FrameCodec;
import io.turnout.h2.FrameGate;
import io.turnout.http.Fields;
import io.turnout.http.H2HeadWriter;
import io.turnout.http.H2HeadWriter.Scheme;
import io.turnout.http.HeadLimits;
import io.turnout.http.HeadPool;
import io.turnout.http.RequestHead;
import io.turnout.loop.Deadline;
import io.turnout.loop.Deadlines;
import io.turnout.snapshot.PoolPlan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 connection to an endpoint: as many requests at a time as both sides allow.
 *
 * <p>Confined to its event loop. What its streams write leaves once per turn of the event loop.
 */
final class H2UpstreamConnection extends Http2ConnectionHandler {
    /** Requests at a time on one connection, whatever more the endpoint allows. */
    private static final int STREAMS = 100;

    private static final int CONNECTION_WINDOW_BYTES = 1024 * 1024;

    /** Age at which a connection takes no new requests, so that load finds endpoints that came later. */
    private static final long AGE_NANOS = 3_600_000_000_000L;

    /** Stream numbers end at 2^31-1; a connection is given up in good time. */
    private static final int LAST_STREAM = Integer.MAX_VALUE - 1000;

    /** How long a connection with requests may be silent before it is asked for a sign of life, and how long that takes. */
    private static final long SILENCE_NANOS = 10_000_000_000L;

    private static final long PING = 0x616c6976653fL;

    private final LoopPool pool;
    private final LoopEndpoint endpoint;
    private final UpstreamLoop loop;
    private final FrameGate gate;
    private final FrameBudget budget;
    private final PropertyKey streamKey;
    private final H2HeadWriter headWriter;
    private final byte[] authority;
    private final Scheme scheme;
    private final List<H2UpstreamStream> touched = new ArrayList<>();
    private final Watch watch = new Watch();
    private final Runnable flush = this::flushNow;

    private @Nullable ChannelHandlerContext context;
    private long openedNanos;
    private int lent;
    private int served;
    private boolean reading;
    private boolean flushAwaited;
    private boolean heard;
    private boolean pinged;
    private boolean retired;
    private boolean broken;

    private H2UpstreamConnection(
            LoopPool pool, LoopEndpoint endpoint, UpstreamLoop loop, FrameCodec codec, FrameBudget budget) {
        super(codec.decoder(), codec.encoder(), settings(), true, false);
        this.pool = pool;
        this.endpoint = endpoint;
        this.loop = loop;
        this.gate = codec.gate();
        this.budget = budget;
        headWriter = new H2HeadWriter(loop.headWriter());
        authority = endpoint.name().getBytes(StandardCharsets.ISO_8859_1);
        // The scheme is that of the connection it goes by (RFC 9113 section 8.3.1): some backends refuse the other.
        scheme = endpoint.plan().tls() == null ? Scheme.HTTP : Scheme.HTTPS;
        streamKey = codec.connection().newKey();
        codec.decoder().frameListener(new Frames());
        codec.connection().addListener(new Streams());
        codec.encoder().flowController().listener(this::onWritabilityChanged);
    }

    static H2UpstreamConnection create(LoopPool pool, LoopEndpoint endpoint, UpstreamLoop loop) {
        FrameBudget budget = new FrameBudget(loop.ticker().nanos());
        int headBytes = HeadLimits.DEFAULT.headBytes();
        FrameCodec codec = FrameCodec.create(FrameCodec.Role.CLIENT, headBytes, 0, budget, loop.ticker());
        return new H2UpstreamConnection(pool, endpoint, loop, codec, budget);
    }

    private static Http2Settings settings() {
        return new Http2Settings().pushEnabled(false).maxHeaderListSize(HeadLimits.DEFAULT.headBytes());
    }

    LoopEndpoint endpoint() {
        return endpoint;
    }

    PoolPlan plan() {
        return pool.plan();
    }

    Deadlines deadlines() {
        return loop.deadlines();
    }

    HeadPool heads() {
        return loop.heads();
    }

    // ---- lending -------------------------------------------------------------------------------------------------

    /** Whether it takes one more request now. */
    boolean hasRoom() {
        // A request that is over may still hold its stream: until our reset is out, or we have sent all of it.
        int busy = Math.max(lent, connection().local().numActiveStreams());
        return context != null
                && !retired
                && busy < Math.min(STREAMS, connection().local().maxActiveStreams())
                && connection().local().lastStreamCreated() < LAST_STREAM;
    }

    /** Whether it carries nothing. */
    boolean isIdle() {
        return lent == 0;
    }

    /** A place for one request. */
    H2UpstreamStream lend() {
        if (lent++ == 0) {
            heard = true;
            deadlines().setAfter(watch, SILENCE_NANOS);
        }
        served++;
        if (loop.ticker().nanos() - openedNanos > AGE_NANOS) {
            retire();
        }
        return new H2UpstreamStream(this, served > 1);
    }

    /** One of the requests is over. */
    void onDone(H2UpstreamStream done) {
        lent--;
        budget.onUse();
        if (lent > 0 || context == null) {
            pool.onRoom(this);
            return;
        }
        if (retired) {
            leave();
            return;
        }
        deadlines().setAfter(watch, plan().idleNanos());
        pool.onRoom(this);
    }

    /** Takes no new requests; closes when those it has are over. */
    void retire() {
        if (retired) {
            return;
        }
        retired = true;
        endpoint.h2().drop(this);
        if (lent == 0) {
            leave();
        }
    }

    private void leave() {
        ChannelHandlerContext open = context;
        if (open == null) {
            return;
        }
        goAway(open, 0, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, open.newPromise());
        flushNow();
        open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    // ---- the connection ------------------------------------------------------------------------------------------

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        context = added;
        openedNanos = loop.ticker().nanos();
        super.handlerAdded(added);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        decoder()
                .flowController()
                .incrementWindowSize(
                        connection().connectionStream(),
                        CONNECTION_WINDOW_BYTES - decoder().flowController().initialWindowSize());
        flushSoon();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        reading = true;
        heard = true;
        super.channelRead(ctx, message);
    }

    /** After an error of the connection nothing on it is looked at any more. */
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (broken) {
            in.skipBytes(in.readableBytes());
        } else {
            super.decode(ctx, in, out);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).onBatchEnd();
        }
        touched.clear();
        reading = false;
        super.channelReadComplete(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        retired = true;
        context = null;
        deadlines().remove(watch);
        endpoint.h2().drop(this);
        super.channelInactive(ctx);
        pool.onClosed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset, or a frame that could not be understood: streams hear of it as the channel ends.
        if (cause instanceof Http2Exception) {
            onError(ctx, false, cause);
        } else {
            ctx.close();
        }
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        if (broken) {
            return;
        }
        broken = true;
        retired = true;
        endpoint.h2().drop(this);
        if (error == null) {
            ctx.close();
        } else {
            super.onConnectionError(ctx, outbound, cause, error);
        }
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        gate.onResetSent(error.streamId());
        super.onStreamError(ctx, outbound, cause, error);
    }

    private void onWritabilityChanged(Http2Stream stream) {
        H2UpstreamStream known = of(stream);
        if (known != null && isWritable(stream)) {
            known.onWritable();
        }
    }

    private @Nullable H2UpstreamStream of(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.getProperty(streamKey);
    }

    // ---- what streams ask of their connection --------------------------------------------------------------------

    /** Opens a stream with the head of a request; null when the endpoint does not take one any more. */
    @Nullable
    Http2Stream open(H2UpstreamStream owner, RequestHead head, byte[] forwardedLines, boolean end) {
        ChannelHandlerContext open = context;
        if (open == null || broken || connection().goAwayReceived()) {
            return null;
        }
        Http2Headers section = headWriter.request(head, forwardedLines, authority, scheme);
        int id = connection().local().incrementAndGetNextStreamId();
        Http2Stream opened;
        try {
            opened = connection().local().createStream(id, false);
        } catch (Http2Exception e) {
            return null;
        }
        opened.setProperty(streamKey, owner);
        encoder().writeHeaders(open, id, section, 0, end, open.newPromise());
        return opened;
    }

    /** Hands the buffer over. */
    void writeData(Http2Stream stream, ByteBuf data, boolean end) {
        budget.onUse();
        encoder().writeData(context(), stream.id(), data, 0, end, context().newPromise());
    }

    void writeTrailers(Http2Stream stream, Fields trailers) {
        encoder()
                .writeHeaders(
                        context(),
                        stream.id(),
                        headWriter.trailers(trailers),
                        0,
                        true,
                        context().newPromise());
    }

    boolean isWritable(Http2Stream stream) {
        return encoder().flowController().isWritable(stream);
    }

    void returnWindow(Http2Stream stream, int bytes) {
        try {
            decoder().flowController().consumeBytes(stream, bytes);
        } catch (Http2Exception e) {
            onError(context(), true, e);
        }
        flushSoon();
    }

    void reset(Http2Stream stream, Http2Error error) {
        gate.onResetSent(stream.id());
        encoder().writeRstStream(context(), stream.id(), error.code(), context().newPromise());
        flushSoon();
    }

    /** Does something once the current call is over. */
    void later(Runnable task) {
        loop.eventLoop().execute(task);
    }

    /** Sends what has been written once this turn of the event loop is over, together with other streams' frames. */
    void flushSoon() {
        if (!reading && !flushAwaited) {
            flushAwaited = true;
            loop.eventLoop().execute(flush);
        }
    }

    private void flushNow() {
        flushAwaited = false;
        ChannelHandlerContext open = context;
        if (open != null) {
            flush(open);
        }
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context);
    }

    /** What the codec has found in order. */
    private final class Frames extends Http2FrameAdapter {
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
            H2UpstreamStream known = of(connection().stream(streamId));
            if (known != null) {
                touch(known);
                known.onHeaders(headers, endOfStream);
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
            budget.onUse();
            H2UpstreamStream known = of(connection().stream(streamId));
            if (known == null) {
                return data.readableBytes() + padding;
            }
            touch(known);
            return known.onData(data, padding, endOfStream);
        }

        private void touch(H2UpstreamStream stream) {
            if (stream.touch()) {
                touched.add(stream);
            }
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
            H2UpstreamStream known = of(connection().stream(streamId));
            if (known != null && errorCode == Http2Error.REFUSED_STREAM.code()) {
                known.onRefused();
            }
        }

        /** RFC 9113 section 6.8: streams above the last have not been looked at and may be sent again. */
        @Override
        public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData)
                throws Http2Exception {
            retire();
            List<H2UpstreamStream> refused = new ArrayList<>();
            connection().forEachActiveStream(stream -> {
                H2UpstreamStream known = of(stream);
                if (known != null && stream.id() > lastStreamId) {
                    refused.add(known);
                }
                return true;
            });
            refused.forEach(H2UpstreamStream::onRefused);
        }
    }

    /** Follows streams to their end, whoever brings it about. */
    private final class Streams extends Http2ConnectionAdapter {
        @Override
        public void onStreamClosed(Http2Stream stream) {
            H2UpstreamStream known = stream.removeProperty(streamKey);
            if (known != null) {
                known.onClosed();
                if (pool.hasWaiting()) {
                    // Not from within the codec's own change of state.
                    later(() -> pool.onRoom(H2UpstreamConnection.this));
                }
            }
        }
    }

    /** Ends a rest that lasted too long, and finds out whether an endpoint that says nothing is there at all. */
    private final class Watch extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            if (lent == 0) {
                retire();
                return;
            }
            if (!heard && pinged) {
                context().close();
                return;
            }
            pinged = !heard;
            if (pinged) {
                encoder().writePing(context(), false, PING, context().newPromise());
                flushSoon();
            }
            heard = false;
            deadlines().setAfter(this, SILENCE_NANOS);
        }
    }
}
