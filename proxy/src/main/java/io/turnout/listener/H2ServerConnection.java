package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Connection.PropertyKey;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.turnout.exchange.DataLoop;
import io.turnout.exchange.OwnAnswer;
import io.turnout.h2.FrameBudget;
import io.turnout.h2.FrameBudget.Kind;
import io.turnout.h2.FrameCodec;
import io.turnout.h2.FrameGate;
import io.turnout.h2.HeaderBlockScan;
import io.turnout.http.ByteText;
import io.turnout.http.Fields;
import io.turnout.http.H2RequestReader;
import io.turnout.http.HeadLimits;
import io.turnout.http.Refusal;
import io.turnout.http.RequestHead;
import io.turnout.loop.Deadline;
import io.turnout.snapshot.ListenerPlan;
import io.turnout.snapshot.ListenerTls;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.tls.TlsSession;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/2 connection: many streams, each an exchange of its own on the same event loop.
 *
 * <p>Confined to its event loop. The codec's flow control is the back-pressure: the client's window is given back when
 * the other side has taken the content, and what the client does not take stays within its own window. Writes of all
 * streams are gathered and leave once per turn of the event loop.
 */
final class H2ServerConnection extends Http2ConnectionHandler {
    /** Streams a client may have open. */
    private static final int STREAMS = 100;

    private static final int CONNECTION_WINDOW_BYTES = 1024 * 1024;

    /** Streams at rest that are kept for the next request. */
    private static final int KEPT_STREAMS = 8;

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
    private final ClientOrigin origin;
    private final ByteText host = new ByteText();
    private final HeadLimits limits;
    private final FrameGate gate;
    private final FrameBudget budget;
    private final PropertyKey streamKey;
    private final H2RequestReader requestReader = new H2RequestReader();
    private final ArrayDeque<H2ServerStream> resting = new ArrayDeque<>();
    private final List<H2ServerStream> touched = new ArrayList<>();
    private final Watch watch = new Watch();
    private final HeaderBlockScan headerBlocks = new HeaderBlockScan();
    private final HeadWatch headWatch = new HeadWatch();
    private final Runnable flush = this::flushNow;

    private @Nullable ChannelHandlerContext context;
    private boolean reading;
    private boolean flushAwaited;
    private boolean broken;
    private long awaitedBlock;
    private long discardedBytes;
    private Leaving leaving = Leaving.NOT;

    /** How far a connection is on its way out (RFC 9113 section 6.8). */
    private enum Leaving {
        NOT,
        /** The client has been warned; streams it opens meanwhile are served. */
        WARNED,
        /** Streams opened from now on are ignored; the connection ends with the last of the others. */
        LAST_STREAMS
    }

    private H2ServerConnection(
            DataLoop loop, ListenerPlan plan, Departure departure, Peer peer, FrameCodec codec, FrameBudget budget) {
        super(codec.decoder(), codec.encoder(), settings(plan), true, true);
        this.loop = loop;
        this.plan = plan;
        this.departure = departure;
        this.peer = peer;
        origin = new ClientOrigin(peer, plan);
        this.gate = codec.gate();
        this.budget = budget;
        limits = new HeadLimits(
                plan.limits().startLineBytes(),
                plan.limits().headBytes(),
                plan.limits().fields(),
                plan.encodedSlashes());
        streamKey = codec.connection().newKey();
        codec.decoder().frameListener(new Frames());
        codec.connection().addListener(new Streams());
        codec.encoder().flowController().listener(this::onWritabilityChanged);
    }

    static H2ServerConnection create(DataLoop loop, ListenerPlan plan, Departure departure, Peer peer) {
        FrameBudget budget = new FrameBudget(loop.ticker().nanos());
        FrameCodec codec =
                FrameCodec.create(FrameCodec.Role.SERVER, plan.limits().headBytes(), STREAMS, budget, loop.ticker());
        return new H2ServerConnection(loop, plan, departure, peer, codec, budget);
    }

    private static Http2Settings settings(ListenerPlan plan) {
        return new Http2Settings()
                .maxConcurrentStreams(STREAMS)
                .maxHeaderListSize(plan.limits().headBytes());
    }

    DataLoop loop() {
        return loop;
    }

    ListenerPlan plan() {
        return plan;
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
        context = added;
        super.handlerAdded(added);
        Http2Connection connection = connection();
        decoder()
                .flowController()
                .incrementWindowSize(
                        connection.connectionStream(),
                        CONNECTION_WINDOW_BYTES - decoder().flowController().initialWindowSize());
        loop.deadlines().setAfter(watch, plan.idleNanos());
        if (departure.hasBegun()) {
            warn();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        reading = true;
        headerBlocks.read((ByteBuf) message);
        super.channelRead(ctx, message);
        awaitHeaderBlock();
    }

    /** A header block holds up all streams of the connection until it is complete, so it may not take for ever. */
    private void awaitHeaderBlock() {
        if (!headerBlocks.isOpen()) {
            if (awaitedBlock != 0) {
                awaitedBlock = 0;
                loop.deadlines().clear(headWatch);
            }
        } else if (awaitedBlock != headerBlocks.begun()) {
            awaitedBlock = headerBlocks.begun();
            loop.deadlines().setAfter(headWatch, plan.headerNanos());
        }
    }

    /** After an error of the connection nothing on it is looked at any more. */
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (broken) {
            discardedBytes += in.readableBytes();
            in.skipBytes(in.readableBytes());
            if (discardedBytes > LINGER_BYTES) {
                ctx.close();
            }
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
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            if (broken) {
                ctx.close();
            } else {
                onInputEnd();
            }
        } else if (event instanceof SslCloseCompletionEvent) {
            ctx.close();
        } else if (event == Drain.BEGUN) {
            warn();
        } else if (event == Drain.ENDED) {
            forEachStream(stream -> {
                if (stream.isRunning()) {
                    loop.meter().increment(Count.CUT_BY_SHUTDOWN);
                }
            });
        }
        super.userEventTriggered(ctx, event);
    }

    /** A client that has closed its side still gets the answers to its complete requests. */
    private void onInputEnd() {
        forEachStream(H2ServerStream::onInputEnd);
        leaving = Leaving.LAST_STREAMS;
        closeIfDone();
    }

    /** First step: the client learns that this connection ends while it can still open streams without losing them. */
    private void warn() {
        if (leaving != Leaving.NOT || broken) {
            return;
        }
        leaving = Leaving.WARNED;
        goAway(Integer.MAX_VALUE);
        // The answer to the ping shows that the client has read the warning.
        encoder().writePing(context(), false, DRAIN_PING, context().newPromise());
        loop.deadlines().setAfter(watch, GOAWAY_NANOS);
        flushSoon();
    }

    /** Second step: streams the client opens from now on are not looked at, which it may take for granted. */
    private void leave() {
        if (leaving == Leaving.LAST_STREAMS || broken) {
            return;
        }
        leaving = Leaving.LAST_STREAMS;
        goAway(connection().remote().lastStreamCreated());
        flushSoon();
        closeIfDone();
    }

    private void goAway(int lastStreamId) {
        goAway(
                context(),
                lastStreamId,
                Http2Error.NO_ERROR.code(),
                Unpooled.EMPTY_BUFFER,
                context().newPromise());
    }

    private void closeIfDone() {
        if (!broken && leaving == Leaving.LAST_STREAMS && connection().numActiveStreams() == 0) {
            flushNow();
            context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        loop.deadlines().remove(watch);
        loop.deadlines().remove(headWatch);
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
        if (broken) {
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
        broken = true;
        loop.deadlines().clear(headWatch);
        loop.deadlines().setAfter(watch, LINGER_NANOS);
        // Streams that are beyond this one were never looked at, and a second GOAWAY must not name a later one.
        int last = connection().remote().lastStreamCreated();
        encoder()
                .frameWriter()
                .writeGoAway(context(), last, error.code(), text, context().newPromise());
        context().flush();
        ChannelEnds.shutOutput(context().channel());
        // Not from within: an exchange or the codec may be at work on one of them.
        context().executor().execute(this::endStreams);
    }

    private void endStreams() {
        try {
            connection().forEachActiveStream(stream -> {
                stream.close();
                return true;
            });
        } catch (Http2Exception e) {
            throw new AssertionError("no visitor of ours throws it", e);
        }
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        gate.onResetSent(error.streamId());
        if (!outbound) {
            boolean tooLarge = error instanceof Http2Exception.HeaderListSizeException;
            loop.meter().increment(tooLarge ? Count.REFUSED_TOO_LARGE : Count.REFUSED_MALFORMED);
            try {
                gate.spend(Kind.FAULT);
            } catch (Http2Exception flood) {
                onError(ctx, false, flood);
                return;
            }
        }
        super.onStreamError(ctx, outbound, cause, error);
    }

    // ---- streams -------------------------------------------------------------------------------------------------

    private void onRequest(int streamId, Http2Headers section, boolean complete) throws Http2Exception {
        Http2Stream opened = connection().stream(streamId);
        RequestHead head = loop.heads().borrowRequest();
        H2RequestReader.Verdict verdict = requestReader.read(section, complete, head, limits);
        if (verdict == H2RequestReader.Verdict.MALFORMED) {
            loop.heads().giveBack(head);
            throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "malformed request");
        }
        H2ServerStream stream = resting.isEmpty() ? new H2ServerStream(this) : resting.removeLast();
        opened.setProperty(streamKey, stream);
        loop.deadlines().clear(watch);
        stream.open(opened, complete);
        if (stream.touch()) {
            touched.add(stream);
        }
        boolean tooLarge = head.contentLength() > plan.limits().bodyBytes();
        if (verdict == H2RequestReader.Verdict.REFUSED || tooLarge) {
            refuse(stream, head, tooLarge ? Refusal.BODY_TOO_LARGE : requestReader.refusal());
            return;
        }
        if (isMisdirected(head)) {
            refuse(stream, head, Refusal.MISDIRECTED);
            return;
        }
        stream.begin(head, origin);
    }

    private boolean isMisdirected(RequestHead head) {
        ListenerTls tls = plan.tls();
        TlsSession session = peer.tls();
        return tls != null
                && session != null
                && tls.misdirected() == ListenerTls.Misdirected.REFUSED
                && session.isMisdirected(head.host(host));
    }

    /** Answers a request that never became an exchange; the streams beside it are not concerned. */
    private void refuse(H2ServerStream stream, RequestHead head, Refusal refusal) {
        int status = refusal.status();
        boolean tooLarge = status == 413 || status == 414 || status == 431;
        Count count = tooLarge ? Count.REFUSED_TOO_LARGE : Count.REFUSED_MALFORMED;
        loop.meter().increment(refusal == Refusal.MISDIRECTED ? Count.REFUSED_MISDIRECTED : count);
        OwnAnswer.Body body = OwnAnswer.Body.of(head);
        loop.heads().giveBack(head);
        OwnAnswer.send(stream, loop.heads(), status, "http_request_error", refusal.text(), body);
    }

    private void onTrailers(H2ServerStream stream, int streamId, Http2Headers section) throws Http2Exception {
        Fields trailers = new Fields();
        if (!H2RequestReader.readTrailers(section, trailers, limits)) {
            throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "malformed trailers");
        }
        touch(stream);
        stream.onRequestEnd(trailers.count() == 0 ? null : trailers);
    }

    private void touch(H2ServerStream stream) {
        if (stream.touch()) {
            touched.add(stream);
        }
    }

    private @Nullable H2ServerStream of(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.getProperty(streamKey);
    }

    private void forEachStream(java.util.function.Consumer<H2ServerStream> action) {
        try {
            connection().forEachActiveStream(stream -> {
                H2ServerStream known = of(stream);
                if (known != null) {
                    action.accept(known);
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new AssertionError("no visitor of ours throws it", e);
        }
    }

    private void onWritabilityChanged(Http2Stream stream) {
        H2ServerStream known = of(stream);
        if (known != null && isWritable(stream)) {
            known.onWritable();
        }
    }

    // ---- what streams ask of their connection --------------------------------------------------------------------

    ChannelFuture writeHeaders(Http2Stream stream, Http2Headers headers, boolean end) {
        return encoder()
                .writeHeaders(context(), stream.id(), headers, 0, end, context().newPromise());
    }

    /** Hands the buffer over. */
    ChannelFuture writeData(Http2Stream stream, ByteBuf data, boolean end) {
        budget.onUse();
        return encoder()
                .writeData(context(), stream.id(), data, 0, end, context().newPromise());
    }

    /** Whether the client may send no content because of what its other streams have sent. */
    boolean isWindowShut() {
        return decoder().flowController().windowSize(connection().connectionStream()) <= 0;
    }

    boolean isWritable(Http2Stream stream) {
        return encoder().flowController().isWritable(stream);
    }

    /** How much more of answers the client takes on this stream, in octets; may be negative. */
    int windowBytes(Http2Stream stream) {
        return encoder().flowController().windowSize(stream);
    }

    void returnWindow(Http2Stream stream, int bytes) {
        try {
            decoder().flowController().consumeBytes(stream, bytes);
        } catch (Http2Exception e) {
            onError(context(), true, e);
        }
        flushSoon();
    }

    /**
     * Tells the client that the rest of its request is not wanted, once the end of the answer has gone out: a reset
     * before that would take the answer with it (RFC 9113 section 8.1).
     */
    void stopRequestAfter(Http2Stream stream, ChannelFuture answered) {
        answered.addListener(sent -> {
            if (sent.isSuccess() && stream.state() != Http2Stream.State.CLOSED) {
                reset(stream, Http2Error.NO_ERROR);
                flushSoon();
            }
        });
    }

    void reset(Http2Stream stream, Http2Error error) {
        gate.onResetSent(stream.id());
        encoder().writeRstStream(context(), stream.id(), error.code(), context().newPromise());
    }

    void onAnswered() {
        budget.onUse();
        if (leaving == Leaving.NOT && loop.shedsKeepAlive()) {
            // What Connection: close does in HTTP/1.
            loop.meter().increment(Count.SHED_KEEP_ALIVE);
            warn();
        }
    }

    /** Sends what has been written once this turn of the event loop is over, together with other streams' frames. */
    void flushSoon() {
        if (!reading && !flushAwaited) {
            flushAwaited = true;
            context().executor().execute(flush);
        }
    }

    private void flushNow() {
        flushAwaited = false;
        flush(context());
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
                boolean endOfStream)
                throws Http2Exception {
            H2ServerStream known = of(connection().stream(streamId));
            if (known == null) {
                onRequest(streamId, headers, endOfStream);
            } else {
                onTrailers(known, streamId, headers);
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
            H2ServerStream known = of(connection().stream(streamId));
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

    /** Follows streams to their end, whoever brings it about. */
    private final class Streams extends Http2ConnectionAdapter {
        @Override
        public void onStreamClosed(Http2Stream stream) {
            H2ServerStream known = stream.removeProperty(streamKey);
            if (known != null) {
                known.onClosed();
                if (resting.size() < KEPT_STREAMS) {
                    resting.addLast(known);
                }
            }
            if (!broken && connection().numActiveStreams() == 0) {
                if (leaving == Leaving.NOT) {
                    loop.deadlines().setAfter(watch, plan.idleNanos());
                }
                closeIfDone();
            }
        }
    }

    /** A header block that is not completed. */
    private final class HeadWatch extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            if (!broken) {
                loop.meter().increment(Count.REFUSED_TOO_SLOW);
                fail(
                        Http2Error.ENHANCE_YOUR_CALM,
                        ByteBufUtil.writeAscii(context().alloc(), "the request head did not arrive in time"));
            }
        }
    }

    /** Ends a rest that lasted too long, the first step of leaving, and the wait for a client that made an error. */
    private final class Watch extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            if (broken) {
                context().close();
            } else if (leaving == Leaving.WARNED || connection().numActiveStreams() == 0) {
                leave();
            }
        }
    }
}
