package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.turnout.exchange.DataLoop;
import io.turnout.exchange.Downstream;
import io.turnout.exchange.Exchange;
import io.turnout.exchange.OwnAnswer;
import io.turnout.http.Fields;
import io.turnout.http.Framing;
import io.turnout.http.H1BodyReader;
import io.turnout.http.H1BodyReader.Piece;
import io.turnout.http.HeadLimits;
import io.turnout.http.Method;
import io.turnout.http.Refusal;
import io.turnout.http.RequestHead;
import io.turnout.http.ResponseHead;
import io.turnout.listener.AnswerStream.Client;
import io.turnout.listener.Reading.Pause;
import io.turnout.loop.Deadline;
import io.turnout.snapshot.ListenerPlan;
import io.turnout.telemetry.LoopMeter.Count;
import java.util.ArrayDeque;
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
        /** The last answer has been sent: input is thrown away until the client closes, so that it is not reset. */
        LINGERING,
        CLOSED
    }

    /** How much of a request that has been answered early is read on, in octets, before the connection is given up. */
    private static final long DISCARD_BYTES = 256 * 1024;

    private static final long LINGER_NANOS = 2_000_000_000L;

    /** How long a connection that rests when draining begins may go on resting. */
    private static final long DRAIN_REST_NANOS = 1_000_000_000L;

    private final DataLoop loop;
    private final ListenerPlan plan;
    private final HeadLimits limits;
    private final Watch watch = new Watch();
    private final H1BodyReader body = new H1BodyReader();
    private final Exchange exchange;

    private @Nullable Channel channel;
    private @Nullable AnswerStream answers;
    private @Nullable Reading reading;
    private @Nullable ClientOrigin origin;
    private @Nullable RequestHead head;
    private @Nullable ArrayDeque<ByteBuf> pipelined;

    private State state = State.HEAD;
    private boolean consuming;
    private boolean headBegun;
    private boolean keepAlive;
    private boolean inputEnded;
    private long bodyBytes;
    private long discarded;
    private long stalledAtBytes;

    H1ServerConnection(DataLoop loop, ListenerPlan plan) {
        this.loop = loop;
        this.plan = plan;
        this.limits = new HeadLimits(
                plan.limits().startLineBytes(),
                plan.limits().headBytes(),
                plan.limits().fields());
        exchange = new Exchange(loop, this);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        answers = new AnswerStream(loop.headWriter(), context.channel());
        reading = new Reading(context.channel());
        origin =
                new ClientOrigin((java.net.InetSocketAddress) context.channel().remoteAddress(), plan.trustedProxies());
        loop.deadlines().setAfter(watch, plan.idleNanos());
    }

    // ---- what comes in -------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (pipelined != null && !pipelined.isEmpty()) {
            pipelined.addLast(in);
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
                case LINGERING, CLOSED -> {
                    in.skipBytes(in.readableBytes());
                    return;
                }
            }
        }
    }

    /** Answers whether to go on with the same buffer. */
    private boolean readHead(ByteBuf in) {
        RequestHead request = head;
        if (request == null) {
            request = loop.heads().borrowRequest();
            head = request;
        }
        return switch (loop.requestParser().parse(request, in, limits)) {
            case IDLE -> false;
            case PARTIAL -> {
                if (!headBegun) {
                    headBegun = true;
                    loop.deadlines().setAfter(watch, plan.headerNanos());
                }
                yield false;
            }
            case COMPLETE -> {
                onRequest(request);
                yield true;
            }
            case REFUSED -> {
                refuse(loop.requestParser().refusal());
                yield false;
            }
        };
    }

    private void onRequest(RequestHead request) {
        head = null;
        headBegun = false;
        answers().onRequest(request.minorVersion() == 0 ? Client.HTTP_1_0 : Client.HTTP_1_1);
        keepAlive = request.keepAlive();
        bodyBytes = 0;
        if (request.contentLength() > plan.limits().bodyBytes()) {
            loop.heads().giveBack(request);
            refuse(Refusal.BODY_TOO_LARGE);
            return;
        }
        body.begin(request.framing(), request.contentLength());
        boolean hasBody = request.framing() != Framing.NONE;
        state = hasBody ? State.BODY : State.ANSWERING;
        if (hasBody) {
            loop.deadlines().setAfter(watch, plan.bodyNanos());
        } else {
            loop.deadlines().clear(watch);
        }
        Objects.requireNonNull(origin).onRequest(request.fields());
        exchange.begin(request);
    }

    private boolean readBody(ByteBuf in) {
        Piece piece = body.next(in);
        switch (piece) {
            case DATA -> {
                bodyBytes += body.dataLength();
                if (bodyBytes > plan.limits().bodyBytes()) {
                    refuseBody(Refusal.BODY_TOO_LARGE);
                    return false;
                }
                loop.deadlines().setAfter(watch, plan.bodyNanos());
                exchange.onBody(in, body.dataIndex(), body.dataLength());
                return true;
            }
            case END -> {
                state = State.ANSWERING;
                loop.deadlines().clear(watch);
                exchange.onRequestEnd(body.trailers());
                return true;
            }
            case MORE -> {
                return false;
            }
            case REFUSED -> {
                refuseBody(body.refusal());
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
        Piece piece = body.next(in);
        switch (piece) {
            case DATA -> {
                discarded += body.dataLength();
                if (discarded > DISCARD_BYTES) {
                    closeAfterFlush();
                    return false;
                }
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

    private void keepForLater(ByteBuf in) {
        if (pipelined == null) {
            pipelined = new ArrayDeque<>();
        }
        pipelined.addFirst(in);
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
        } else if (event == Drain.BEGUN) {
            onDrain();
        } else if (event == Drain.ENDED && exchange.isRunning()) {
            loop.meter().increment(Count.CUT_BY_SHUTDOWN);
        }
    }

    /** A resting connection gets a moment to carry one more request, whose answer tells the client that it ends. */
    private void onDrain() {
        if (state == State.HEAD && !headBegun) {
            loop.deadlines().setAfter(watch, DRAIN_REST_NANOS);
        }
    }

    /** A client may close its side after its request and still want the answer (RFC 9112 section 9.6). */
    private void onInputEnd() {
        inputEnded = true;
        keepAlive = false;
        switch (state) {
            case HEAD, DISCARDING, LINGERING -> close();
            case BODY -> {
                // Half a request is no request: nobody upstream may take it for a whole one (section 8).
                exchange.onClientGone();
                close();
            }
            case ANSWERING, CLOSED -> {}
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        close();
        exchange.onClientGone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof java.io.IOException)) {
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
    public byte[] forwardedLines() {
        return Objects.requireNonNull(origin).lines();
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
    public void sendHead(ResponseHead answer) {
        if (state != State.CLOSED) {
            boolean refusedEarly = state == State.BODY && answer.status() >= 400;
            answers().head(answer, !keepAlive || loop.isDraining() || refusedEarly);
        }
    }

    @Override
    public void sendBody(ByteBuf buffer, int index, int length) {
        if (state != State.CLOSED) {
            answers().body(buffer, index, length);
        }
    }

    @Override
    public void sendEnd(@Nullable Fields trailers) {
        if (state == State.CLOSED) {
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

    private void onAnsweredEarly() {
        discarded = 0;
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
        loop.deadlines().setAfter(watch, loop.isDraining() ? DRAIN_REST_NANOS : plan.idleNanos());
        if (!consuming) {
            consumePipelined();
        }
    }

    private void consumePipelined() {
        if (pipelined == null) {
            return;
        }
        while (state != State.ANSWERING && !pipelined.isEmpty()) {
            consumeOwned(Objects.requireNonNull(pipelined.pollFirst()));
        }
        if (pipelined.isEmpty()) {
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
            close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!context.channel().isWritable()) {
            context.flush();
            if (!context.channel().isWritable() && state == State.ANSWERING) {
                stalledAtBytes = -1;
                loop.deadlines().setAfter(watch, plan.idleNanos());
            }
            return;
        }
        if (state == State.ANSWERING) {
            loop.deadlines().clear(watch);
        }
        exchange.onDownstreamWritable();
    }

    // ---- refusing, closing ---------------------------------------------------------------------------------------

    /** Answers a request that never became an exchange; nothing after it on the connection is read. */
    private void refuse(Refusal refusal) {
        countRefusal(refusal);
        refuseWith(refusal.status(), refusal.text());
    }

    private void refuseWith(int status, String text) {
        RequestHead request = head;
        boolean toHead = request != null && request.method() == Method.HEAD;
        if (request != null) {
            loop.heads().giveBack(request);
            head = null;
        }
        keepAlive = false;
        state = State.ANSWERING;
        OwnAnswer.send(
                this,
                loop.heads(),
                status,
                status == 408 ? "http_request_timeout" : "http_request_error",
                text,
                toHead ? OwnAnswer.Body.OMITTED : OwnAnswer.Body.SENT);
    }

    private void countRefusal(Refusal refusal) {
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
        state = State.LINGERING;
        releasePipelined();
        reading().resumeAll();
        loop.deadlines().setAfter(watch, LINGER_NANOS);
        if (inputEnded) {
            open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        } else {
            open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> ((DuplexChannel) open).shutdownOutput());
        }
    }

    private void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        loop.deadlines().remove(watch);
        releasePipelined();
        if (head != null) {
            loop.heads().giveBack(head);
            head = null;
        }
        if (answers != null) {
            answers.discard();
        }
        if (channel != null) {
            channel.close();
        }
    }

    private void releasePipelined() {
        if (pipelined != null) {
            for (ByteBuf waiting; (waiting = pipelined.pollFirst()) != null; ) {
                waiting.release();
            }
        }
    }

    private AnswerStream answers() {
        return Objects.requireNonNull(answers);
    }

    private Reading reading() {
        return Objects.requireNonNull(reading);
    }

    /** Nothing a client does or fails to do holds a connection for ever. */
    private final class Watch extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            switch (state) {
                case HEAD -> onSlowHead();
                case BODY -> onSlowBody();
                case ANSWERING -> onSlowReader();
                case DISCARDING, LINGERING -> close();
                case CLOSED -> {}
            }
        }

        private void onSlowHead() {
            if (!headBegun) {
                // An idle connection owes nothing and is owed nothing.
                closeAfterFlush();
                return;
            }
            loop.meter().increment(Count.REFUSED_TOO_SLOW);
            refuseWith(408, "the request head did not arrive in time");
        }

        private void onSlowBody() {
            if (reading().isPausedBy(Pause.UPSTREAM)) {
                // It is upstream that does not take the body, and upstream has a deadline of its own.
                loop.deadlines().setAfter(this, plan.bodyNanos());
                return;
            }
            loop.meter().increment(Count.REFUSED_TOO_SLOW);
            keepAlive = false;
            exchange.refuse(408, "the request body did not arrive in time");
            closeAfterFlush();
        }

        /** The client has not taken a single octet for as long as a connection may rest. */
        private void onSlowReader() {
            Channel open = Objects.requireNonNull(channel);
            long pending = open.bytesBeforeWritable();
            if (pending != 0 && pending == stalledAtBytes) {
                exchange.onClientGone();
                close();
                return;
            }
            stalledAtBytes = pending;
            if (pending != 0) {
                loop.deadlines().setAfter(this, plan.idleNanos());
            }
        }
    }
}
