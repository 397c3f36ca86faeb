package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.turnout.exchange.DataLoop;
import io.turnout.exchange.Downstream;
import io.turnout.exchange.Exchange;
import io.turnout.exchange.OwnAnswer;
import io.turnout.http.ByteText;
import io.turnout.http.Fields;
import io.turnout.http.Framing;
import io.turnout.http.H1BodyReader.Piece;
import io.turnout.http.Method;
import io.turnout.http.Refusal;
import io.turnout.http.RequestHead;
import io.turnout.http.ResponseHead;
import io.turnout.listener.AnswerStream.Client;
import io.turnout.listener.Reading.Pause;
import io.turnout.snapshot.Announcement;
import io.turnout.snapshot.ListenerPlan;
import io.turnout.snapshot.ListenerTls;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.tls.TlsSession;
import io.turnout.upstream.ClientPreamble;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/1 connection: requests one after the other, answers in the same order.
 *
 * <p>Confined to its event loop. Reading is paused for a reason only, and goes on when no reason is left.
 */
final class H1ServerConnection extends ChannelInboundHandlerAdapter implements Downstream {
    private enum State {
        /** A request head is awaited or has begun. */
        HEAD,
        /** The request body is coming in. */
        BODY,
        /** The request is complete, its answer is not. */
        ANSWERING,
        /** The answer is complete, the request is not: its rest is read and thrown away, within bounds. */
        DISCARDING,
        /** The protocol has been changed: octets are passed on both ways as they are. */
        TUNNEL,
        /** The last answer is being written out; input is thrown away. */
        FLUSHING,
        /** The last answer has been sent: input is thrown away until the client closes, so that it is not reset. */
        LINGERING,
        CLOSED
    }

    private final DataLoop loop;
    private final ListenerPlan plan;
    private final Peer peer;
    private final ByteText host = new ByteText();
    private final RequestInput input;
    private final ClientWatch watch;
    private final BodyPace pace;
    private final Exchange exchange;

    private @Nullable Channel channel;
    private @Nullable AnswerStream answers;
    private @Nullable Reading reading;
    private @Nullable ClientOrigin origin;

    private State state = State.HEAD;
    private boolean consuming;
    private boolean keepAlive;
    private boolean inputEnded;
    private long stalledAtBytes;

    H1ServerConnection(DataLoop loop, ListenerPlan plan, Peer peer) {
        this.loop = loop;
        this.plan = plan;
        this.peer = peer;
        input = new RequestInput(loop, plan);
        pace = new BodyPace(plan.limits().minRateBytes(), plan.bodyNanos());
        watch = new ClientWatch(loop.deadlines(), plan, this::onMissedDeadline);
        exchange = new Exchange(loop, this);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        answers = new AnswerStream(loop.headWriter(), context.channel());
        reading = new Reading(context.channel());
        origin = new ClientOrigin(peer, plan);
        watch.awaitRequest();
    }

    // ---- what comes in -------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (input.hasWaiting()) {
            input.keepLast(in);
            return;
        }
        consumeOwned(in);
    }

    /** Reads what it can and keeps the rest for when the answer in progress is complete, in front of what waits. */
    private void consumeOwned(ByteBuf in) {
        consuming = true;
        boolean kept = false;
        try {
            consume(in);
            if (in.isReadable() && state == State.ANSWERING) {
                keepForLater(in);
                kept = true;
            }
        } finally {
            consuming = false;
            if (!kept) {
                in.release();
            }
        }
    }

    private void consume(ByteBuf in) {
        while (true) {
            switch (state) {
                case HEAD -> {
                    if (!in.isReadable() || !readHead(in)) {
                        return;
                    }
                }
                case BODY -> {
                    if (!readBody(in)) {
                        return;
                    }
                }
                case DISCARDING -> {
                    if (!discard(in)) {
                        return;
                    }
                }
                case ANSWERING -> {
                    return;
                }
                case TUNNEL -> {
                    passOn(in);
                    return;
                }
                case FLUSHING, LINGERING, CLOSED -> {
                    in.skipBytes(in.readableBytes());
                    return;
                }
            }
        }
    }

    /** Answers whether to go on with the same buffer. */
    private boolean readHead(ByteBuf in) {
        return switch (input.readHead(in)) {
            case IDLE -> false;
            case PARTIAL -> {
                if (input.beginsHead()) {
                    watch.awaitHead();
                }
                yield false;
            }
            case COMPLETE -> {
                onRequest(input.takeHead());
                yield true;
            }
            case REFUSED -> {
                refuse(input.refusal(), input.isHeadRequest() ? OwnAnswer.Body.OMITTED : OwnAnswer.Body.SENT);
                yield false;
            }
        };
    }

    private void onRequest(RequestHead request) {
        if (input.hasTooManyGlitches()) {
            loop.heads().giveBack(request);
            refuse(Refusal.GLITCHES, OwnAnswer.Body.SENT);
            return;
        }
        answers().onRequest(request.minorVersion() == 0 ? Client.HTTP_1_0 : Client.HTTP_1_1);
        keepAlive = request.keepAlive();
        if (input.isTooLarge(request)) {
            loop.heads().giveBack(request);
            refuse(Refusal.BODY_TOO_LARGE, OwnAnswer.Body.SENT);
            return;
        }
        if (isMisdirected(request)) {
            OwnAnswer.Body sent = request.method() == Method.HEAD ? OwnAnswer.Body.OMITTED : OwnAnswer.Body.SENT;
            loop.heads().giveBack(request);
            refuse(Refusal.MISDIRECTED, sent);
            return;
        }
        if (request.framing() == Framing.NONE) {
            state = State.ANSWERING;
            watch.awaitNothing();
        } else {
            state = State.BODY;
            pace.begin();
            watch.awaitBodyPart();
        }
        Objects.requireNonNull(origin).onRequest(request.fields());
        exchange.begin(request);
    }

    private boolean isMisdirected(RequestHead request) {
        ListenerTls tls = plan.tls();
        TlsSession session = peer.tls();
        return tls != null
                && session != null
                && tls.misdirected() == ListenerTls.Misdirected.REFUSED
                && session.isMisdirected(request.host(host));
    }

    private boolean readBody(ByteBuf in) {
        Piece piece = input.readBody(in);
        switch (piece) {
            case DATA -> {
                exchange.onBody(in, input.dataIndex(), input.dataLength());
                return true;
            }
            case END -> {
                state = State.ANSWERING;
                watch.awaitNothing();
                exchange.onRequestEnd(input.trailers());
                return true;
            }
            case MORE -> {
                return false;
            }
            case REFUSED -> {
                refuseBody(input.refusal());
                return false;
            }
        }
        throw new AssertionError(piece);
    }

    private void refuseBody(Refusal refusal) {
        countRefusal(refusal);
        keepAlive = false;
        exchange.refuse(refusal.status(), refusal.text());
        // Where the next request would begin is unknown now (RFC 9112 section 9.6).
        closeAfterFlush();
    }

    /** The rest of a request whose answer has been given already (RFC 9112 section 9.3). */
    private boolean discard(ByteBuf in) {
        Piece piece = input.discard(in);
        switch (piece) {
            case DATA -> {
                return true;
            }
            case END -> {
                toNextRequest();
                return true;
            }
            case MORE -> {
                return false;
            }
            case REFUSED -> {
                closeAfterFlush();
                return false;
            }
        }
        throw new AssertionError(piece);
    }

    private void passOn(ByteBuf in) {
        if (in.isReadable()) {
            watch.awaitTunnel();
            int index = in.readerIndex();
            int length = in.readableBytes();
            in.skipBytes(length);
            exchange.onBody(in, index, length);
        }
    }

    private void keepForLater(ByteBuf in) {
        input.keepFirst(in);
        reading().pause(Pause.PIPELINE);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        exchange.onRequestBatchEnd();
        flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            onInputEnd();
        } else if (event instanceof SslCloseCompletionEvent) {
            onClosedByTls();
        } else if (event == Drain.BEGUN) {
            onDrain();
        } else if (event == Drain.ENDED && exchange.isRunning()) {
            loop.meter().increment(Count.CUT_BY_SHUTDOWN);
        }
    }

    /** A resting connection gets a moment to carry one more request, whose answer tells the client that it ends. */
    private void onDrain() {
        if (state == State.HEAD && !input.isInHead()) {
            watch.awaitLastRequest();
        } else if (state == State.TUNNEL) {
            watch.awaitLeave(leaveNanos());
        }
    }

    /** Tunnels leave one after the other over half of the time there is, so that their clients do not come back at once. */
    private long leaveNanos() {
        int place = Math.floorMod(Objects.requireNonNull(channel).id().hashCode(), 1024);
        return loop.drainNanos() / 2 / 1024 * place;
    }

    /** A client may close its side after its request and still want the answer (RFC 9112 section 9.6). */
    private void onInputEnd() {
        inputEnded = true;
        keepAlive = false;
        switch (state) {
            case HEAD, DISCARDING, LINGERING -> close();
            case TUNNEL -> exchange.onRequestEnd(null);
            case BODY -> {
                // Half a request is no request: nobody upstream may take it for a whole one (section 8).
                exchange.onClientGone();
                close();
            }
            case ANSWERING, FLUSHING, CLOSED -> {}
        }
    }

    /** In TLS there is no half of a connection to go on with: the library answers a close_notify with its own. */
    private void onClosedByTls() {
        exchange.onClientGone();
        close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        close();
        exchange.onClientGone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!Faults.isOfThePeer(cause)) {
            Faults.report(cause);
        }
        context.close();
    }

    // ---- what goes out -------------------------------------------------------------------------------------------

    @Override
    public byte[] clientAddress() {
        return Objects.requireNonNull(origin).address();
    }

    @Override
    public byte[] preamble(Announcement version) {
        ClientOrigin client = Objects.requireNonNull(origin);
        SocketAddress local = channel == null ? null : channel.localAddress();
        return ClientPreamble.of(version, client.address(), client.port(), local);
    }

    @Override
    public byte[] forwardedLines() {
        return Objects.requireNonNull(origin).lines();
    }

    @Override
    public @Nullable TlsSession tls() {
        return peer.tls();
    }

    @Override
    public boolean isSecure() {
        return Objects.requireNonNull(origin).isSecure();
    }

    @Override
    public String protocol() {
        return answers().isToOldClient() ? "HTTP/1.0" : "HTTP/1.1";
    }

    @Override
    public void sendInterim(ResponseHead interim) {
        if (state != State.CLOSED) {
            answers().interim(interim);
        }
    }

    @Override
    public void sendSwitch(ResponseHead answer) {
        answers().switching(answer);
        keepAlive = false;
        state = State.TUNNEL;
        watch.awaitTunnel();
        if (loop.isDraining()) {
            onDrain();
        }
        // What the client sent behind its request belongs to the new protocol.
        if (!consuming) {
            consumePipelined();
        }
        if (inputEnded) {
            exchange.onRequestEnd(null);
        }
    }

    @Override
    public void sendHead(ResponseHead answer) {
        if (state != State.CLOSED) {
            boolean refusedEarly = state == State.BODY && answer.status() >= 400;
            boolean shed = keepAlive && loop.shedsKeepAlive();
            if (shed) {
                loop.meter().increment(Count.SHED_KEEP_ALIVE);
            }
            answers().head(answer, !keepAlive || shed || loop.isDraining() || refusedEarly);
        }
    }

    @Override
    public void sendBody(ByteBuf buffer, int index, int length) {
        if (state != State.CLOSED) {
            answers().body(buffer, index, length);
            if (state == State.TUNNEL) {
                watch.awaitTunnel();
            }
        }
    }

    @Override
    public void sendEnd(@Nullable Fields trailers) {
        if (state == State.CLOSED) {
            return;
        }
        if (state == State.TUNNEL) {
            onTunnelEnd();
            return;
        }
        answers().end(trailers);
        reading().resume(Pause.UPSTREAM);
        if (state == State.BODY) {
            onAnsweredEarly();
            return;
        }
        toNextRequest();
    }

    /** The backend has ended its side of a tunnel; the client may go on with its own. */
    private void onTunnelEnd() {
        if (inputEnded) {
            closeAfterFlush();
            return;
        }
        Channel open = Objects.requireNonNull(channel);
        answers().flush();
        ChannelEnds.shutOutput(open);
    }

    private void onAnsweredEarly() {
        state = State.DISCARDING;
        if (inputEnded) {
            closeAfterFlush();
        } else if (!consuming) {
            consumePipelined();
        }
    }

    private void toNextRequest() {
        if (answers().closes() || inputEnded) {
            closeAfterFlush();
            return;
        }
        state = State.HEAD;
        if (loop.isDraining()) {
            watch.awaitLastRequest();
        } else {
            watch.awaitRequest();
        }
        if (!consuming) {
            consumePipelined();
        }
    }

    private void consumePipelined() {
        if (!input.hasWaiting()) {
            return;
        }
        while (state != State.ANSWERING && input.hasWaiting()) {
            consumeOwned(Objects.requireNonNull(input.pollWaiting()));
        }
        if (!input.hasWaiting()) {
            reading().resume(Pause.PIPELINE);
        }
        exchange.onRequestBatchEnd();
    }

    @Override
    public void flush() {
        if (state != State.CLOSED) {
            answers().flush();
        }
    }

    @Override
    public boolean isWritable() {
        return answers().isWritable();
    }

    @Override
    public void pauseReading(boolean paused) {
        if (state == State.CLOSED) {
            return;
        }
        if (paused) {
            // The client is not slow while it is we who do not read.
            pace.disturb();
            reading().pause(Pause.UPSTREAM);
        } else {
            reading().resume(Pause.UPSTREAM);
        }
    }

    @Override
    public void cut() {
        // With the length or the last chunk missing, a close is what tells the client (RFC 9112 section 8).
        if (state != State.CLOSED) {
            flush();
            ChannelEnds.closeWithoutWord(Objects.requireNonNull(channel));
            close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!context.channel().isWritable()) {
            context.flush();
            if (!context.channel().isWritable() && state == State.ANSWERING) {
                stalledAtBytes = -1;
                watch.awaitReader();
            }
            return;
        }
        if (state == State.ANSWERING) {
            watch.awaitNothing();
        }
        exchange.onDownstreamWritable();
    }

    // ---- refusing, closing ---------------------------------------------------------------------------------------

    /** Answers a request that never became an exchange; nothing after it on the connection is read. */
    private void refuse(Refusal refusal, OwnAnswer.Body sent) {
        countRefusal(refusal);
        refuseWith(refusal.status(), refusal.text(), sent);
    }

    private void refuseWith(int status, String text, OwnAnswer.Body sent) {
        input.dropHead();
        keepAlive = false;
        state = State.ANSWERING;
        OwnAnswer.send(
                this, loop.heads(), status, status == 408 ? "http_request_timeout" : "http_request_error", text, sent);
    }

    private void countRefusal(Refusal refusal) {
        if (refusal == Refusal.GLITCHES) {
            loop.meter().increment(Count.REFUSED_GLITCHES);
            return;
        }
        if (refusal == Refusal.MISDIRECTED) {
            loop.meter().increment(Count.REFUSED_MISDIRECTED);
            return;
        }
        boolean tooLarge = refusal.status() == 413 || refusal.status() == 414 || refusal.status() == 431;
        loop.meter().increment(tooLarge ? Count.REFUSED_TOO_LARGE : Count.REFUSED_MALFORMED);
    }

    /** Closes once everything is written, reading on for a moment so that the client gets it (RFC 9112 section 9.6). */
    private void closeAfterFlush() {
        Channel open = channel;
        if (open == null || state == State.CLOSED) {
            return;
        }
        answers().flush();
        state = State.FLUSHING;
        input.dropWaiting();
        reading().resumeAll();
        stalledAtBytes = -1;
        watch.awaitReader();
        open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> onFlushed(open));
    }

    private void onFlushed(Channel open) {
        if (state != State.FLUSHING) {
            return;
        }
        if (inputEnded || !open.isActive()) {
            close();
            return;
        }
        state = State.LINGERING;
        watch.awaitClose();
        ChannelEnds.shutOutput(open);
    }

    private void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        watch.end();
        input.dropWaiting();
        input.dropHead();
        if (answers != null) {
            answers.discard();
        }
        if (channel != null) {
            channel.close();
        }
    }

    private void onMissedDeadline() {
        switch (state) {
            case HEAD -> onSlowHead();
            case BODY -> onSlowBody();
            case ANSWERING, FLUSHING -> onSlowReader();
            case TUNNEL -> onTunnelOver();
            case DISCARDING, LINGERING -> close();
            case CLOSED -> {}
        }
    }

    private void onSlowHead() {
        if (!input.isInHead()) {
            // An idle connection owes nothing and is owed nothing.
            closeAfterFlush();
            return;
        }
        loop.meter().increment(Count.REFUSED_TOO_SLOW);
        refuseWith(
                408,
                "the request head did not arrive in time",
                input.isHeadRequest() ? OwnAnswer.Body.OMITTED : OwnAnswer.Body.SENT);
    }

    private void onSlowBody() {
        if (reading().isPausedBy(Pause.UPSTREAM)) {
            // It is upstream that does not take the body, and upstream has a deadline of its own.
            pace.disturb();
        }
        if (pace.keepsUp(input.bodyBytes())) {
            watch.awaitBodyPart();
            return;
        }
        loop.meter().increment(Count.REFUSED_TOO_SLOW);
        keepAlive = false;
        exchange.refuse(408, "the request body did not arrive in time");
        closeAfterFlush();
    }

    /** Nothing has passed for too long, or the process is on its way out: both sides are told by a FIN. */
    private void onTunnelOver() {
        exchange.onClientGone();
        closeAfterFlush();
    }

    /** The client has not taken a single octet for as long as a connection may rest. */
    private void onSlowReader() {
        ChannelOutboundBuffer unsent = Objects.requireNonNull(channel).unsafe().outboundBuffer();
        long pending = unsent == null ? 0 : unsent.totalPendingWriteBytes();
        if (pending != 0 && stalledAtBytes >= 0 && pending > stalledAtBytes - leastTakenBytes()) {
            loop.meter().increment(Count.CUT_SLOW_READERS);
            exchange.onClientGone();
            close();
            return;
        }
        stalledAtBytes = pending;
        if (pending != 0) {
            watch.awaitReader();
        }
    }

    /** What a client takes at least of its answer between two looks at it. */
    private long leastTakenBytes() {
        return Math.max(1, (long) (plan.limits().minRateBytes() * (plan.idleNanos() / 2e9)));
    }

    private AnswerStream answers() {
        return Objects.requireNonNull(answers);
    }

    private Reading reading() {
        return Objects.requireNonNull(reading);
    }
}
