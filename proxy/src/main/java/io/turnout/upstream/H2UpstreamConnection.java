package io.turnout.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.turnout.h2.FrameCodec;
import io.turnout.h2.H2Connection;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 connection to an endpoint: as many requests at a time as both sides allow.
 *
 * <p>Confined to its event loop. What its streams write leaves once per turn of the event loop.
 */
final class H2UpstreamConnection extends H2Connection<H2UpstreamStream> {
    /** Requests at a time on one connection, whatever more the endpoint allows. */
    private static final int STREAMS = 100;

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
    private final H2HeadWriter headWriter;
    private final byte[] authority;
    private final Scheme scheme;
    private final Watch watch = new Watch();

    private long openedNanos;
    private int lent;
    private int served;
    private @Nullable ArrayDeque<Runnable> awaitingSettings = new ArrayDeque<>();
    private boolean takesTunnels;
    private boolean heard;
    private boolean pinged;
    private boolean retired;

    private H2UpstreamConnection(LoopPool pool, LoopEndpoint endpoint, UpstreamLoop loop, FrameCodec codec) {
        super(codec, settings(), Preface.SENT_WITH_WRITES);
        this.pool = pool;
        this.endpoint = endpoint;
        this.loop = loop;
        headWriter = new H2HeadWriter(loop.headWriter());
        authority = endpoint.name().getBytes(StandardCharsets.ISO_8859_1);
        // The scheme is that of the connection it goes by (RFC 9113 section 8.3.1): some backends refuse the other.
        scheme = endpoint.plan().tls() == null ? Scheme.HTTP : Scheme.HTTPS;
        codec.decoder().frameListener(new Frames());
    }

    static H2UpstreamConnection create(LoopPool pool, LoopEndpoint endpoint, UpstreamLoop loop) {
        int headBytes = HeadLimits.DEFAULT.headBytes();
        FrameCodec codec = FrameCodec.create(FrameCodec.Role.CLIENT, headBytes, 0, loop.ticker());
        return new H2UpstreamConnection(pool, endpoint, loop, codec);
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
        return isOpen()
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
        onUse();
        if (lent > 0 || !isOpen()) {
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
        if (isOpen()) {
            goAway(0);
            closeAfterFlush();
        }
    }

    // ---- the connection ------------------------------------------------------------------------------------------

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        openedNanos = loop.ticker().nanos();
        super.handlerAdded(added);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        widenWindow();
        flushSoon();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        heard = true;
        super.channelRead(ctx, message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        retired = true;
        deadlines().remove(watch);
        endpoint.h2().drop(this);
        super.channelInactive(ctx);
        settle();
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
        if (isBroken()) {
            return;
        }
        breakOff();
        retired = true;
        endpoint.h2().drop(this);
        if (error == null) {
            ctx.close();
        } else {
            super.onConnectionError(ctx, outbound, cause, error);
        }
    }

    // ---- what streams ask of their connection --------------------------------------------------------------------

    /** Does something as soon as it is known what the endpoint can do: now, with its first SETTINGS, or at its end. */
    void whenSettled(Runnable task) {
        if (awaitingSettings == null) {
            task.run();
        } else {
            awaitingSettings.addLast(task);
        }
    }

    private void settle() {
        ArrayDeque<Runnable> waiting = awaitingSettings;
        awaitingSettings = null;
        if (waiting != null) {
            waiting.forEach(Runnable::run);
        }
    }

    /** Whether the endpoint has settled without a word about extended CONNECT (RFC 8441 section 3). */
    boolean refusesTunnels() {
        return isOpen() && !takesTunnels;
    }

    /** Opens a stream with the head of a request; null when the endpoint does not take one any more. */
    @Nullable
    Http2Stream open(H2UpstreamStream owner, RequestHead head, byte[] forwardedLines, boolean end) {
        if (!isOpen() || isBroken() || connection().goAwayReceived()) {
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
        bind(opened, owner);
        writeHeaders(opened, section, end);
        return opened;
    }

    void writeTrailers(Http2Stream stream, Fields trailers) {
        writeHeaders(stream, headWriter.trailers(trailers), true);
    }

    /** Does something once the current call is over. */
    void later(Runnable task) {
        loop.eventLoop().execute(task);
    }

    @Override
    protected void onStreamClosed(@Nullable H2UpstreamStream known) {
        if (known != null && pool.hasWaiting()) {
            // Not from within the codec's own change of state.
            later(() -> pool.onRoom(this));
        }
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
            H2UpstreamStream known = find(streamId);
            if (known != null) {
                touch(known);
                known.onHeaders(headers, endOfStream);
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
            onUse();
            H2UpstreamStream known = find(streamId);
            if (known == null) {
                return data.readableBytes() + padding;
            }
            touch(known);
            return known.onData(data, padding, endOfStream);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
            takesTunnels |= Boolean.TRUE.equals(settings.connectProtocolEnabled());
            settle();
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
            H2UpstreamStream known = find(streamId);
            if (known != null && errorCode == Http2Error.REFUSED_STREAM.code()) {
                known.onRefused();
            }
        }

        /** RFC 9113 section 6.8: streams above the last have not been looked at and may be sent again. */
        @Override
        public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
            retire();
            List<H2UpstreamStream> refused = new ArrayList<>();
            forEachOpen(stream -> {
                H2UpstreamStream known = of(stream);
                if (known != null && stream.id() > lastStreamId) {
                    refused.add(known);
                }
            });
            refused.forEach(H2UpstreamStream::onRefused);
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
                ping(PING);
            }
            heard = false;
            deadlines().setAfter(this, SILENCE_NANOS);
        }
    }
}
