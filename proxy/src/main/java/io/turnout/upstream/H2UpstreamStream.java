package io.turnout.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.turnout.h2.H2Stream;
import io.turnout.http.Fields;
import io.turnout.http.Framing;
import io.turnout.http.H2RequestReader;
import io.turnout.http.H2ResponseReader;
import io.turnout.http.HeadLimits;
import io.turnout.http.Method;
import io.turnout.http.RequestHead;
import io.turnout.http.ResponseHead;
import io.turnout.http.WebSocketHandshake;
import io.turnout.loop.Deadline;
import io.turnout.model.UpstreamFailure;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on an HTTP/2 connection to an endpoint: a stream from its first frame to its last.
 *
 * <p>Confined to its event loop. Used once.
 */
final class H2UpstreamStream implements UpstreamConnection, H2Stream {
    private enum State {
        /** Lent; nothing has been sent. */
        LENT,
        /** The answer's head has not come yet. */
        AWAITING_HEAD,
        /** The answer's content is coming. */
        READING_BODY,
        /** The endpoint has taken an extended CONNECT: octets are passed on as they are. */
        TUNNEL,
        OVER
    }

    private final H2UpstreamConnection connection;
    private final boolean reused;
    private final Patience patience = new Patience();

    private @Nullable Http2Stream stream;
    private @Nullable ResponseSink sink;
    private State state = State.LENT;
    private Method method = Method.GET;
    private Framing answerFraming = Framing.NONE;
    private int interims;
    private boolean tunnelAsked;
    private @Nullable String webSocketKey;
    private boolean requestSent;
    private boolean answerEnded;
    private boolean paused;
    private boolean touched;
    private int unreturnedBytes;

    H2UpstreamStream(H2UpstreamConnection connection, boolean reused) {
        this.connection = connection;
        this.reused = reused;
        endpoint().onRequest();
    }

    @Override
    public LoopEndpoint endpoint() {
        return connection.endpoint();
    }

    @Override
    public boolean isReused() {
        return reused;
    }

    // ---- the request ---------------------------------------------------------------------------------------------

    @Override
    public void sendHead(RequestHead head, byte[] forwardedLines, ResponseSink newSink) {
        sink = newSink;
        method = head.method();
        state = State.AWAITING_HEAD;
        interims = 0;
        tunnelAsked = head.asksForWebSocket();
        if (tunnelAsked) {
            webSocketKey = head.fields().first(WebSocketHandshake.KEY);
            expect(connection.plan().responseNanos());
            connection.whenSettled(() -> sendConnect(head, forwardedLines));
            return;
        }
        requestSent = head.framing() == Framing.NONE;
        if (open(head, forwardedLines, requestSent) && requestSent) {
            expect(connection.plan().responseNanos());
        }
    }

    /** An extended CONNECT, if the endpoint takes any; it waited for that to be known, and may have been given up since. */
    private void sendConnect(RequestHead head, byte[] forwardedLines) {
        if (state != State.AWAITING_HEAD) {
            return;
        }
        if (connection.refusesTunnels()) {
            failLater(UpstreamFailure.UPGRADE_FAILED);
        } else if (open(head, forwardedLines, false)) {
            connection.flushSoon();
        }
    }

    private boolean open(RequestHead head, byte[] forwardedLines, boolean end) {
        stream = connection.open(this, head, forwardedLines, end);
        if (stream == null) {
            failLater(UpstreamFailure.REFUSED);
        }
        return stream != null;
    }

    /** Not from within the call that sends: whoever sends is not done with the attempt yet. */
    private void failLater(UpstreamFailure failure) {
        connection.later(() -> fail(failure));
    }

    @Override
    public void sendBody(ByteBuf buffer, int index, int length) {
        if (stream != null && !requestSent) {
            connection.writeData(stream, buffer, index, length, false);
            if (state == State.AWAITING_HEAD && !isWritable()) {
                // While the client sends, it is the client who is waited for; now it is the endpoint.
                expect(connection.plan().responseNanos());
            }
        }
    }

    @Override
    public void sendEnd(@Nullable Fields trailers) {
        if (stream == null || requestSent || (tunnelAsked && state == State.AWAITING_HEAD)) {
            // A request for a tunnel has no content that could end; the tunnel has.
            return;
        }
        requestSent = true;
        if (trailers == null) {
            connection.writeEnd(stream);
        } else {
            connection.writeTrailers(stream, trailers);
        }
        if (state == State.AWAITING_HEAD) {
            expect(connection.plan().responseNanos());
        }
    }

    @Override
    public void flush() {
        connection.flushSoon();
    }

    @Override
    public boolean isWritable() {
        return stream == null || connection.isWritable(stream);
    }

    @Override
    public void onWritable() {
        if (sink != null && !requestSent) {
            if (state == State.AWAITING_HEAD && !tunnelAsked) {
                connection.deadlines().clear(patience);
            }
            sink.onWritable();
        }
    }

    // ---- the answer ----------------------------------------------------------------------------------------------

    void onHeaders(Http2Headers section, boolean end) {
        ResponseSink listener = sink;
        if (listener == null) {
            return;
        }
        if (state == State.READING_BODY || state == State.TUNNEL) {
            onTrailers(section);
            return;
        }
        ResponseHead head = connection.heads().borrowResponse();
        boolean valid = H2ResponseReader.read(section, end, method, head, HeadLimits.DEFAULT);
        if (!valid) {
            connection.heads().giveBack(head);
            reset(Http2Error.PROTOCOL_ERROR);
            fail(UpstreamFailure.INVALID_ANSWER);
            return;
        }
        if (head.isInterim() && ++interims > MAX_INTERIMS) {
            reset(Http2Error.CANCEL);
            fail(UpstreamFailure.INVALID_ANSWER);
        } else if (head.isInterim()) {
            expect(connection.plan().responseNanos());
            listener.onInterim(head);
        } else if (tunnelAsked && head.status() / 100 == 2) {
            onTunnel(head, listener);
        } else {
            state = State.READING_BODY;
            answerFraming = head.framing();
            expect(connection.plan().idleNanos());
            listener.onHead(head);
        }
        connection.heads().giveBack(head);
        if (end) {
            onAnswerEnd();
        }
    }

    /** To everybody else it is what it would have been in HTTP/1. */
    private void onTunnel(ResponseHead head, ResponseSink listener) {
        state = State.TUNNEL;
        connection.deadlines().clear(patience);
        head.restate(101);
        if (webSocketKey != null) {
            head.fields().drop(WebSocketHandshake.ACCEPT);
            head.fields().add("Sec-WebSocket-Accept", WebSocketHandshake.accept(webSocketKey));
        }
        listener.onSwitch(head, WebSocketHandshake.PROTOCOL);
    }

    private void onAnswerEnd() {
        if (state == State.TUNNEL && sink != null) {
            answerEnded = true;
            sink.onHalfClosed();
        } else {
            finish(null);
        }
    }

    private void onTrailers(Http2Headers section) {
        Fields trailers = new Fields();
        if (state == State.TUNNEL || !H2RequestReader.readTrailers(section, trailers, HeadLimits.DEFAULT)) {
            reset(Http2Error.PROTOCOL_ERROR);
            fail(UpstreamFailure.TRUNCATED);
            return;
        }
        finish(trailers.count() == 0 ? null : trailers);
    }

    /** Content. Answers how many octets of our window are free again; the rest is given back later. */
    int onData(ByteBuf data, int padding, boolean end) {
        int length = data.readableBytes();
        ResponseSink listener = sink;
        if (listener == null || (state != State.READING_BODY && state != State.TUNNEL)) {
            return length + padding;
        }
        if (length > 0 && state == State.READING_BODY && answerFraming == Framing.NONE) {
            // RFC 9110 section 6.4.1: there is none after HEAD, 204 and 304.
            reset(Http2Error.PROTOCOL_ERROR);
            fail(UpstreamFailure.TRUNCATED);
            return length + padding;
        }
        if (length > 0) {
            if (!paused && state == State.READING_BODY) {
                expect(connection.plan().idleNanos());
            }
            listener.onAnswerBody(data, data.readerIndex(), length);
        }
        int held = paused ? length : 0;
        unreturnedBytes += held;
        if (end) {
            onAnswerEnd();
        }
        return length + padding - held;
    }

    @Override
    public void onBatchEnd() {
        touched = false;
        if (sink != null) {
            sink.onBatchEnd();
        }
    }

    @Override
    public boolean touch() {
        boolean first = !touched;
        touched = true;
        return first;
    }

    @Override
    public void pauseReading(boolean pause) {
        if (paused == pause) {
            return;
        }
        paused = pause;
        if (state == State.READING_BODY) {
            if (pause) {
                connection.deadlines().clear(patience);
            } else {
                expect(connection.plan().idleNanos());
            }
        }
        if (!pause) {
            returnWindow();
        }
    }

    private void returnWindow() {
        int bytes = unreturnedBytes;
        unreturnedBytes = 0;
        if (stream != null && bytes > 0) {
            connection.returnWindow(stream, bytes);
        }
    }

    // ---- the end -------------------------------------------------------------------------------------------------

    private void finish(@Nullable Fields trailers) {
        ResponseSink listener = sink;
        if (listener == null) {
            return;
        }
        if (!requestSent) {
            // RFC 9113 section 8.1: the answer is whole, and the rest of the request not wanted.
            reset(Http2Error.CANCEL);
        }
        over(false);
        listener.onEnd(trailers);
    }

    /** The endpoint has not looked at the request (RFC 9113 section 8.7). */
    void onRefused() {
        fail(UpstreamFailure.REFUSED);
    }

    @Override
    public void onClosed() {
        stream = null;
        if (sink != null) {
            fail(state == State.AWAITING_HEAD ? UpstreamFailure.RESET : UpstreamFailure.TRUNCATED);
        }
    }

    @Override
    public void giveBackUnused() {
        if (state == State.LENT) {
            over(false);
        }
    }

    @Override
    public void abort() {
        if (state != State.OVER) {
            if (!(requestSent && answerEnded)) {
                reset(Http2Error.CANCEL);
            }
            over(false);
        }
    }

    private void fail(UpstreamFailure failure) {
        ResponseSink listener = sink;
        if (state == State.OVER) {
            return;
        }
        over(true);
        if (listener != null) {
            listener.onFailure(failure);
        }
    }

    private void reset(Http2Error error) {
        if (stream != null) {
            connection.reset(stream, error);
        }
    }

    private void over(boolean failed) {
        sink = null;
        boolean sent = state != State.LENT;
        state = State.OVER;
        connection.deadlines().remove(patience);
        endpoint().onRequestEnd(failed && sent);
        returnWindow();
        connection.onDone(this);
    }

    private void expect(long nanos) {
        connection.deadlines().setAfter(patience, nanos);
    }

    /** Ends an answer that does not come or does not go on. */
    private final class Patience extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            UpstreamFailure failure =
                    state == State.AWAITING_HEAD ? UpstreamFailure.RESPONSE_TIMEOUT : UpstreamFailure.STALLED;
            reset(Http2Error.CANCEL);
            fail(failure);
        }
    }
}
