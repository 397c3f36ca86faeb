package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.turnout.exchange.DataLoop;
import io.turnout.h2.FrameBudget.Kind;
import io.turnout.h2.FrameCodec;
import io.turnout.h2.H2Connection;
import io.turnout.loop.Deadline;
import io.turnout.snapshot.ListenerPlan;
import io.turnout.snapshot.Vacated;
import io.turnout.telemetry.LoopMeter.Count;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/2 connection: many streams, each an exchange of its own on the same event loop.
 *
 * <p>Confined to its event loop.
 */
final class H2ServerConnection extends H2Connection<H2ServerStream> {
    /** Streams a client may have open. */
    private static final int STREAMS = 100;

    /** How long a client gets to hear that no new streams are taken before those it opens are ignored. */
    private static final long GOAWAY_NANOS = 1_000_000_000L;

    /** How long, and how much, is read and thrown away after an error, so that the client gets our GOAWAY. */
    private static final long LINGER_NANOS = 2_000_000_000L;

    private static final long LINGER_BYTES = 1024 * 1024;

    private static final long DRAIN_PING = 0x7475726e6f7574L;

    private final DataLoop loop;
    private final ListenerPlan plan;
    private final Departure departure;
    private final Peer peer;
    private final H2Intake intake;
    private final HeaderBlockWatch headerBlocks;
    private final Watch watch = new Watch();

    private long discardedBytes;
    private Leaving leaving = Leaving.NOT;
    private boolean inputOver;

    /** How far a connection is on its way out (RFC 9113 section 6.8). */
    private enum Leaving {
        NOT,
        /** The client has been warned; streams it opens meanwhile are served. */
        WARNED,
        /** Streams opened from now on are ignored; the connection ends with the last of the others. */
        LAST_STREAMS
    }

    private H2ServerConnection(DataLoop loop, ListenerPlan plan, Departure ofListener, Peer peer, FrameCodec codec) {
        super(codec, settings(plan), Preface.SENT_AT_ONCE);
        this.loop = loop;
        this.plan = plan;
        departure = ofListener.ofConnection();
        this.peer = peer;
        intake = new H2Intake(this, loop, plan, peer);
        headerBlocks = new HeaderBlockWatch(loop.deadlines(), plan.headerNanos(), this::onSlowHeaderBlock);
        codec.decoder().frameListener(new Frames());
    }

    static H2ServerConnection create(DataLoop loop, ListenerPlan plan, Departure ofListener, Peer peer) {
        int headBytes = plan.limits().headBytes();
        FrameCodec codec = FrameCodec.create(FrameCodec.Role.SERVER, headBytes, STREAMS, loop.ticker());
        return new H2ServerConnection(loop, plan, ofListener, peer, codec);
    }

    private static Http2Settings settings(ListenerPlan plan) {
        return new Http2Settings()
                .maxConcurrentStreams(STREAMS)
                .maxHeaderListSize(plan.limits().headBytes())
                .connectProtocolEnabled(true);
    }

    DataLoop loop() {
        return loop;
    }

    ListenerPlan plan() {
        return plan;
    }

    /** Whether it, or its listener, is left. */
    Departure departure() {
        return departure;
    }

    /** Where the client has connected to. */
    @Nullable
    SocketAddress localAddress() {
        return context().channel().localAddress();
    }

    Peer peer() {
        return peer;
    }

    // ---- the connection ------------------------------------------------------------------------------------------

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        super.handlerAdded(added);
        widenWindow();
        loop.deadlines().setAfter(watch, plan.idleNanos());
        if (departure.hasBegun()) {
            warn();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        headerBlocks.read((ByteBuf) message);
        super.channelRead(ctx, message);
        headerBlocks.await();
    }

    private void onSlowHeaderBlock() {
        if (!isBroken()) {
            loop.meter().increment(Count.REFUSED_TOO_SLOW);
            fail(
                    Http2Error.ENHANCE_YOUR_CALM,
                    ByteBufUtil.writeAscii(context().alloc(), "the request head did not arrive in time"));
        }
    }

    @Override
    protected void onDiscarded(int bytes) {
        discardedBytes += bytes;
        if (discardedBytes > LINGER_BYTES) {
            context().close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            if (isBroken()) {
                ctx.close();
            } else {
                onInputEnd();
            }
        } else if (event instanceof SslCloseCompletionEvent) {
            ctx.close();
        } else if (event == Drain.BEGUN) {
            warn();
            forEachStream(H2ServerStream::onDrain);
        } else if (event == Drain.ENDED) {
            forEachStream(stream -> {
                if (stream.isRunning()) {
                    loop.meter().increment(Count.CUT_BY_SHUTDOWN);
                }
            });
        } else if (event instanceof Vacated vacated) {
            onVacated(vacated);
        }
        super.userEventTriggered(ctx, event);
    }

    /** Streams on a variant that gets nothing any more may finish; the client's next connection finds another one. */
    private void onVacated(Vacated vacated) {
        forEachStream(stream -> {
            if (stream.isOn(vacated)) {
                departAlone();
                stream.onDrain();
            }
        });
    }

    private void departAlone() {
        if (!departure.hasBegun()) {
            loop.meter().increment(Count.LEFT_ON_SWITCH);
            departure.begin(plan.drainNanos());
            warn();
        }
    }

    /** A client that has closed its side still gets the answers to its complete requests. */
    private void onInputEnd() {
        inputOver = true;
        forEachStream(H2ServerStream::onInputEnd);
        endWhatIsShut();
        leaving = Leaving.LAST_STREAMS;
        closeIfDone();
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        super.flush(ctx);
        if (inputOver) {
            // Not from within: an exchange or the codec may be at work on one of them.
            ctx.executor().execute(this::endWhatIsShut);
        }
    }

    /** A client that has closed its side opens no window any more: an answer that waits for one never leaves. */
    private void endWhatIsShut() {
        if (!isBroken()) {
            Http2RemoteFlowController windows = encoder().flowController();
            boolean shut = windows.windowSize(connection().connectionStream()) <= 0;
            forEachOpen(stream -> {
                if (windows.hasFlowControlled(stream) && (shut || windows.windowSize(stream) <= 0)) {
                    reset(stream, Http2Error.CANCEL);
                }
            });
        }
    }

    /** First step: the client learns that this connection ends while it can still open streams without losing them. */
    private void warn() {
        if (leaving != Leaving.NOT || isBroken()) {
            return;
        }
        leaving = Leaving.WARNED;
        goAway(Integer.MAX_VALUE);
        // The answer to the ping shows that the client has read the warning.
        ping(DRAIN_PING);
        loop.deadlines().setAfter(watch, GOAWAY_NANOS);
    }

    /** Second step: streams the client opens from now on are not looked at, which it may take for granted. */
    private void leave() {
        if (leaving == Leaving.LAST_STREAMS || isBroken()) {
            return;
        }
        leaving = Leaving.LAST_STREAMS;
        goAway(connection().remote().lastStreamCreated());
        closeIfDone();
    }

    private void closeIfDone() {
        if (!isBroken() && leaving == Leaving.LAST_STREAMS && connection().numActiveStreams() == 0) {
            closeAfterFlush();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        loop.deadlines().remove(watch);
        headerBlocks.end();
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (Faults.isOfThePeer(cause)) {
            ctx.close();
            return;
        }
        if (!(cause instanceof Http2Exception) && !(cause.getCause() instanceof Http2Exception)) {
            Faults.report(cause);
            ctx.close();
            return;
        }
        super.exceptionCaught(ctx, cause);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        if (isBroken()) {
            return;
        }
        if (error == null && cause instanceof IOException) {
            // The client is gone, and its streams hear of that as the channel ends.
            ctx.close();
            return;
        }
        if (error == null) {
            Faults.report(cause);
        } else if (error.error() == Http2Error.ENHANCE_YOUR_CALM) {
            loop.meter().increment(Count.REFUSED_FLOOD);
        } else if (!outbound) {
            loop.meter().increment(Count.REFUSED_MALFORMED);
        }
        fail(
                error == null ? Http2Error.INTERNAL_ERROR : error.error(),
                ByteBufUtil.writeUtf8(ctx.alloc(), text(cause)));
    }

    private static String text(Throwable cause) {
        return Objects.requireNonNullElse(cause.getMessage(), "");
    }

    /**
     * Ends the connection with an error that the client gets to know: closed at once, what it still sends would make
     * its system throw away what it has not read, our GOAWAY with it.
     */
    private void fail(Http2Error error, ByteBuf text) {
        breakOff();
        headerBlocks.stop();
        loop.deadlines().setAfter(watch, LINGER_NANOS);
        // Streams that are beyond this one were never looked at, and a second GOAWAY must not name a later one.
        int last = connection().remote().lastStreamCreated();
        encoder()
                .frameWriter()
                .writeGoAway(context(), last, error.code(), text, context().newPromise());
        context().flush();
        ChannelEnds.shutOutput(context().channel());
        // Not from within: an exchange or the codec may be at work on one of them.
        context().executor().execute(() -> forEachOpen(Http2Stream::close));
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        if (!outbound) {
            boolean tooLarge = error instanceof Http2Exception.HeaderListSizeException;
            loop.meter().increment(tooLarge ? Count.REFUSED_TOO_LARGE : Count.REFUSED_MALFORMED);
            try {
                gate().spend(Kind.FAULT);
            } catch (Http2Exception flood) {
                onError(ctx, false, flood);
                return;
            }
        }
        super.onStreamError(ctx, outbound, cause, error);
    }

    // ---- streams -------------------------------------------------------------------------------------------------

    /** A stream has begun with a request that is not malformed. */
    void onOpened(Http2Stream opened, H2ServerStream stream) {
        bind(opened, stream);
        touch(stream);
        if (leaving == Leaving.NOT) {
            loop.deadlines().clear(watch);
        }
    }

    @Override
    protected void onStreamClosed(@Nullable H2ServerStream known) {
        if (known != null) {
            intake.takeBack(known);
        }
        if (!isBroken() && connection().numActiveStreams() == 0) {
            if (leaving == Leaving.NOT) {
                loop.deadlines().setAfter(watch, plan.idleNanos());
            }
            closeIfDone();
        }
    }

    // ---- what streams ask of their connection --------------------------------------------------------------------

    /** Whether the client may send no content because of what its other streams have sent. */
    boolean isWindowShut() {
        return decoder().flowController().windowSize(connection().connectionStream()) <= 0;
    }

    /** How much more of answers the client takes on this stream, in octets; may be negative. */
    int windowBytes(Http2Stream stream) {
        return encoder().flowController().windowSize(stream);
    }

    void onAnswered() {
        onUse();
        if (leaving == Leaving.NOT && loop.shedsKeepAlive()) {
            // What Connection: close does in HTTP/1.
            loop.meter().increment(Count.SHED_KEEP_ALIVE);
            warn();
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
                boolean endOfStream)
                throws Http2Exception {
            H2ServerStream known = find(streamId);
            if (known == null) {
                intake.onRequest(connection().stream(streamId), headers, endOfStream);
            } else {
                intake.onTrailers(known, streamId, headers);
                touch(known);
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
            H2ServerStream known = find(streamId);
            if (known == null) {
                return data.readableBytes() + padding;
            }
            touch(known);
            return known.onData(data, padding, endOfStream);
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext ctx, long data) {
            if (data == DRAIN_PING && leaving == Leaving.WARNED) {
                leave();
            }
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
            // The client opens no more streams; those that run are served.
            leaving = Leaving.LAST_STREAMS;
            closeIfDone();
        }
    }

    /** Ends a rest that lasted too long, the first step of leaving, and the wait for a client that made an error. */
    private final class Watch extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            if (isBroken()) {
                context().close();
            } else if (leaving == Leaving.WARNED || connection().numActiveStreams() == 0) {
                leave();
            }
        }
    }
}
