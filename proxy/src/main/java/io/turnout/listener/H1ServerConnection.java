package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.turnout.exchange.DataLoop;
import io.turnout.exchange.Exchange;
import io.turnout.exchange.OwnAnswer;
import io.turnout.http.Framing;
import io.turnout.http.Refusal;
import io.turnout.http.RequestHead;
import io.turnout.listener.Reading.Pause;
import io.turnout.snapshot.ListenerPlan;
import io.turnout.snapshot.Vacated;
import io.turnout.telemetry.LoopMeter.Count;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/1 connection: requests one after the other, answers in the same order.
 *
 * <p>Confined to its event loop. Reading is paused for a reason only, and goes on when no reason is left.
 */
final class H1ServerConnection extends ChannelInboundHandlerAdapter {
    private final DataLoop loop;
    private final ListenerPlan plan;
    private final Departure departure;
    private final Peer peer;
    private final RequestGate gate;
    private final RequestInput input;
    private final ClientWatch watch;
    private final BodyPace pace;
    private final ReaderPace readerPace;
    private final H1Downstream downstream;
    private final Exchange exchange;
    private final ClientTunnel tunnel;

    private @Nullable Channel channel;

    private H1State state = H1State.HEAD;
    private boolean consuming;
    private boolean inputEnded;

    /** The client has said that it sends nothing behind the current request. */
    private boolean saidLast;

    H1ServerConnection(DataLoop loop, ListenerPlan plan, Departure ofListener, Peer peer) {
        this.loop = loop;
        this.plan = plan;
        departure = ofListener.ofConnection();
        this.peer = peer;
        gate = new RequestGate(plan, peer, loop.meter());
        input = new RequestInput(loop, plan);
        pace = new BodyPace(plan.limits().minRateBytes(), plan.bodyNanos());
        readerPace = new ReaderPace(plan);
        watch = new ClientWatch(loop.deadlines(), plan, this::onMissedDeadline);
        downstream = new H1Downstream(this, loop, departure, peer, pace);
        exchange = new Exchange(loop, downstream);
        tunnel = new ClientTunnel(departure, exchange, watch);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        downstream.open(context.channel(), new ClientOrigin(peer, plan));
        watch.awaitRequest();
    }

    H1State state() {
        return state;
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
            if (in.isReadable() && state == H1State.ANSWERING) {
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
                    tunnel.pass(in);
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
                refuse(input.refusal(), bodyOfRefusal());
                yield false;
            }
        };
    }

    private void onRequest(RequestHead request) {
        downstream.onRequest(request);
        saidLast = !request.keepAlive() && request.framing() == Framing.NONE;
        Refusal refusal = input.hasTooManyGlitches() ? Refusal.GLITCHES : gate.check(request);
        if (refusal != null) {
            OwnAnswer.Body sent = OwnAnswer.Body.of(request);
            loop.heads().giveBack(request);
            refuse(refusal, sent);
            return;
        }
        if (request.framing() == Framing.NONE) {
            state = H1State.ANSWERING;
            watch.awaitNothing();
        } else {
            state = H1State.BODY;
            pace.begin();
            watch.awaitBodyPart();
        }
        downstream.onServed(request.fields());
        exchange.begin(request);
    }

    private boolean readBody(ByteBuf in) {
        return switch (input.readBody(in)) {
            case DATA -> {
                exchange.onBody(in, input.dataIndex(), input.dataLength());
                yield true;
            }
            case END -> {
                state = H1State.ANSWERING;
                watch.awaitNothing();
                exchange.onRequestEnd(input.trailers());
                yield true;
            }
            case MORE -> false;
            case REFUSED -> {
                refuseBody(input.refusal());
                yield false;
            }
        };
    }

    private void refuseBody(Refusal refusal) {
        gate.count(refusal);
        downstream.answerLast();
        exchange.refuse(refusal.status(), refusal.text());
        // Where the next request would begin is unknown now (RFC 9112 section 9.6).
        closeAfterFlush();
    }

    /** The rest of a request whose answer has been given already (RFC 9112 section 9.3). */
    private boolean discard(ByteBuf in) {
        return switch (input.discard(in)) {
            case DATA -> true;
            case END -> {
                toNextRequest();
                yield true;
            }
            case MORE -> false;
            case REFUSED -> {
                closeAfterFlush();
                yield false;
            }
        };
    }

    private void keepForLater(ByteBuf in) {
        input.keepFirst(in);
        downstream.reading().pause(Pause.PIPELINE);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        exchange.onRequestBatchEnd();
        downstream.flush();
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
        } else if (event instanceof Vacated vacated && exchange.isOn(vacated)) {
            onVacated();
        }
    }

    /** What runs here is on a variant that gets nothing any more: the client's next connection finds another one. */
    private void onVacated() {
        if (!departure.hasBegun()) {
            loop.meter().increment(Count.LEFT_ON_SWITCH);
            departure.begin(plan.drainNanos());
            onDrain();
        }
    }

    /** A resting connection gets a moment to carry one more request, whose answer tells the client that it ends. */
    private void onDrain() {
        if (state == H1State.HEAD && !input.isInHead()) {
            watch.awaitLastRequest();
        } else if (state == H1State.TUNNEL) {
            tunnel.onDrain(Objects.requireNonNull(channel));
        }
    }

    /** A client may close its side after its request and still want the answer (RFC 9112 section 9.6). */
    private void onInputEnd() {
        inputEnded = true;
        if (!input.hasWaiting()) {
            afterLastInput();
        }
    }

    /** Everything the client has sent before its end has been read. */
    private void afterLastInput() {
        downstream.answerLast();
        switch (state) {
            case HEAD -> closeAfterFlush();
            case DISCARDING, LINGERING -> close();
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

    /** The answer that changes the protocol has been sent. */
    void onSwitched() {
        state = H1State.TUNNEL;
        saidLast = false;
        tunnel.open(Objects.requireNonNull(channel));
        if (input.hasWaiting()) {
            // What the client sent behind its request belongs to the new protocol.
            consumePipelined();
        } else if (inputEnded) {
            exchange.onRequestEnd(null);
        }
    }

    /** Content has been sent. */
    void onSent() {
        if (state == H1State.TUNNEL) {
            tunnel.onSent();
        }
    }

    /** The answer has been sent whole. */
    void onAnswered() {
        if (state == H1State.BODY) {
            onAnsweredEarly();
        } else {
            toNextRequest();
        }
    }

    /** The backend has ended its side of a tunnel; the client may go on with its own. */
    void onBackendEnd() {
        if (inputEnded) {
            closeAfterFlush();
            return;
        }
        downstream.flush();
        ChannelEnds.shutOutput(Objects.requireNonNull(channel));
    }

    private void onAnsweredEarly() {
        state = H1State.DISCARDING;
        if (downstream.closes()) {
            downstream.flush();
            ChannelEnds.shutOutput(Objects.requireNonNull(channel));
        }
        consumePipelined();
    }

    private void toNextRequest() {
        boolean wasLast = inputEnded && !consuming && !input.hasWaiting();
        if (downstream.closes() || wasLast) {
            closeAfterFlush();
            return;
        }
        state = H1State.HEAD;
        if (departure.hasBegun()) {
            watch.awaitLastRequest();
        } else {
            watch.awaitRequest();
        }
        consumePipelined();
    }

    /** Goes on with what has come in the meantime, unless that is being done further up the stack already. */
    private void consumePipelined() {
        if (consuming || !input.hasWaiting()) {
            return;
        }
        while (state != H1State.ANSWERING && input.hasWaiting()) {
            consumeOwned(Objects.requireNonNull(input.pollWaiting()));
        }
        if (!input.hasWaiting()) {
            downstream.reading().resume(Pause.PIPELINE);
            if (inputEnded) {
                afterLastInput();
            }
        }
        exchange.onRequestBatchEnd();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!context.channel().isWritable()) {
            context.flush();
            if (!context.channel().isWritable() && state == H1State.ANSWERING) {
                readerPace.begin();
                watch.awaitReader();
            }
            return;
        }
        if (state == H1State.ANSWERING) {
            watch.awaitNothing();
        }
        exchange.onDownstreamWritable();
    }

    // ---- refusing, closing ---------------------------------------------------------------------------------------

    /** Answers a request that never became an exchange; nothing after it on the connection is read. */
    private void refuse(Refusal refusal, OwnAnswer.Body sent) {
        gate.count(refusal);
        if (refusal == Refusal.NOT_HTTP) {
            closeAfterFlush();
            return;
        }
        refuseWith(refusal.status(), refusal.text(), sent);
    }

    /** A request whose head has not been taken yet is answered without a body when it is known to be a HEAD. */
    private OwnAnswer.Body bodyOfRefusal() {
        return input.isHeadRequest() ? OwnAnswer.Body.OMITTED : OwnAnswer.Body.SENT;
    }

    private void refuseWith(int status, String text, OwnAnswer.Body sent) {
        input.dropHead();
        downstream.answerLast();
        state = H1State.ANSWERING;
        OwnAnswer.send(
                downstream,
                loop.heads(),
                status,
                status == 408 ? "http_request_timeout" : "http_request_error",
                text,
                sent);
    }

    /** Closes once everything is written, reading on for a moment so that the client gets it (RFC 9112 section 9.6). */
    private void closeAfterFlush() {
        Channel open = channel;
        if (open == null || state == H1State.CLOSED) {
            return;
        }
        downstream.flush();
        state = H1State.FLUSHING;
        // What is already here behind a last request says that more may come.
        saidLast &= !consuming && !input.hasWaiting();
        input.dropWaiting();
        downstream.reading().resumeAll();
        readerPace.begin();
        watch.awaitReader();
        open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> onFlushed(open));
    }

    private void onFlushed(Channel open) {
        if (state != H1State.FLUSHING) {
            return;
        }
        if (inputEnded || !open.isActive() || (saidLast && peer.tls() == null)) {
            // Nothing can come any more that would be answered with a reset.
            close();
            return;
        }
        state = H1State.LINGERING;
        watch.awaitClose();
        ChannelEnds.shutOutput(open);
    }

    /** Ends the connection at once; nothing is sent or read any more. */
    void close() {
        if (state == H1State.CLOSED) {
            return;
        }
        state = H1State.CLOSED;
        watch.end();
        input.dropWaiting();
        input.dropHead();
        downstream.discard();
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
        refuseWith(408, "the request head did not arrive in time", bodyOfRefusal());
    }

    private void onSlowBody() {
        if (downstream.reading().isPausedBy(Pause.UPSTREAM)) {
            // It is upstream that does not take the body, and upstream has a deadline of its own.
            pace.disturb();
        }
        if (pace.keepsUp(input.bodyBytes())) {
            watch.awaitBodyPart();
            return;
        }
        loop.meter().increment(Count.REFUSED_TOO_SLOW);
        downstream.answerLast();
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
        if (!readerPace.keepsUp(Objects.requireNonNull(channel))) {
            loop.meter().increment(Count.CUT_SLOW_READERS);
            exchange.onClientGone();
            close();
        } else if (readerPace.isOwed()) {
            watch.awaitReader();
        }
    }
}
