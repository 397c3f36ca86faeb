package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.turnout.exchange.Downstream;
import io.turnout.exchange.Exchange;
import io.turnout.h2.H2Stream;
import io.turnout.http.Fields;
import io.turnout.http.Framing;
import io.turnout.http.RequestHead;
import io.turnout.http.ResponseHead;
import io.turnout.loop.Deadline;
import io.turnout.snapshot.Announcement;
import io.turnout.snapshot.Vacated;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.tls.TlsSession;
import io.turnout.upstream.ClientPreamble;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a client's HTTP/2 connection: a request, its answer, and an exchange of its own.
 *
 * <p>Confined to its connection's event loop. Serves one stream after the other: {@link #open} begins one, and after
 * {@link #onClosed} it is at rest.
 */
final class H2ServerStream implements Downstream, H2Stream {
    /** How long a client may go on with a request that has been answered whole: what is nearly sent ends by itself. */
    private static final long AFTER_ANSWER_NANOS = 100_000_000;

    private final H2ServerConnection connection;
    private final Exchange exchange;
    private final BodyPace pace;
    private final BodyWatch bodyWatch = new BodyWatch();
    private final ReaderWatch readerWatch = new ReaderWatch();
    private final StreamTunnel tunnel;

    private @Nullable Http2Stream stream;
    private @Nullable ChannelFuture lastWrite;
    private byte[] clientAddress = {};
    private int clientPort;
    private byte[] forwardedLines = {};
    private boolean secure;
    private boolean requestEnded;
    private boolean answerBegun;
    private boolean answerEnded;
    private boolean paused;
    private boolean touched;
    private int unreturnedBytes;
    private long bodyBytes;

    H2ServerStream(H2ServerConnection connection) {
        this.connection = connection;
        exchange = new Exchange(connection.loop(), this);
        pace = new BodyPace(
                connection.plan().limits().minRateBytes(), connection.plan().bodyNanos());
        tunnel = new StreamTunnel(
                connection.loop().deadlines(),
                connection.departure(),
                exchange,
                connection.plan().tunnelNanos(),
                this::onTunnelOver);
    }

    // ---- what comes in -------------------------------------------------------------------------------------------

    /** Begins a stream; the exchange does so with {@link #begin}, unless the request is refused. */
    void open(Http2Stream opened, boolean complete) {
        stream = opened;
        requestEnded = complete;
        answerBegun = false;
        answerEnded = false;
        paused = false;
        touched = false;
        unreturnedBytes = 0;
        bodyBytes = 0;
    }

    /** A whole request head that may be served. */
    void begin(RequestHead head, ClientOrigin origin) {
        origin.onRequest(head.fields());
        clientAddress = origin.address();
        clientPort = origin.port();
        forwardedLines = origin.lines();
        secure = origin.isSecure();
        if (head.isExtendedConnect()) {
            tunnel.ask();
        } else if (!requestEnded) {
            pace.begin();
            awaitBodyPart();
        }
        exchange.begin(head);
    }

    private void awaitBodyPart() {
        connection.loop().deadlines().setAfter(bodyWatch, connection.plan().bodyNanos() / BodyPace.PARTS);
    }

    /** Content. Answers how many octets of the client's window are free again; the rest is given back later. */
    int onData(ByteBuf data, int padding, boolean end) {
        int length = data.readableBytes();
        if (tunnel.isAsked()) {
            requestEnded |= end;
            tunnel.onData(data, end);
            return free(length, padding, tunnel.isWaiting() || paused);
        }
        if (answerEnded) {
            return length + padding;
        }
        bodyBytes += length;
        if (bodyBytes > connection.plan().limits().bodyBytes()) {
            connection.loop().meter().increment(Count.REFUSED_TOO_LARGE);
            exchange.refuse(413, "request body too large");
            return length + padding;
        }
        if (length > 0) {
            exchange.onBody(data, data.readerIndex(), length);
        }
        if (end) {
            onRequestEnd(null);
        }
        return free(length, padding, paused);
    }

    private int free(int length, int padding, boolean held) {
        if (held) {
            unreturnedBytes += length;
        }
        return held ? padding : length + padding;
    }

    /** The request is complete. */
    void onRequestEnd(@Nullable Fields trailers) {
        requestEnded = true;
        connection.loop().deadlines().clear(bodyWatch);
        if (exchange.isRunning()) {
            exchange.onRequestEnd(trailers);
        }
    }

    @Override
    public void onBatchEnd() {
        touched = false;
        exchange.onRequestBatchEnd();
    }

    @Override
    public boolean touch() {
        boolean first = !touched;
        touched = true;
        return first;
    }

    @Override
    public void onWritable() {
        connection.loop().deadlines().clear(readerWatch);
        exchange.onDownstreamWritable();
    }

    @Override
    public void onClosed() {
        stream = null;
        tunnel.end();
        connection.loop().deadlines().clear(bodyWatch);
        connection.loop().deadlines().clear(readerWatch);
        exchange.onClientGone();
    }

    /** The client will not send the rest of its request. */
    void onInputEnd() {
        if (!requestEnded) {
            reset(Http2Error.CANCEL);
        }
    }

    /** Whether it carries a tunnel, or asks for one. */
    boolean isTunnel() {
        return tunnel.isAsked();
    }

    /** Whether its exchange runs on such a variant. */
    boolean isOn(Vacated vacated) {
        return exchange.isOn(vacated);
    }

    /** The listener or the connection is left. */
    void onDrain() {
        tunnel.onDrain(hashCode());
    }

    /** Nothing has passed for too long, or the listener is left: both sides are told by an end, if they take any. */
    private void onTunnelOver() {
        exchange.onClientGone();
        if (answerEnded || !isWritable()) {
            reset(Http2Error.CANCEL);
        } else {
            sendEnd(null);
        }
    }

    /** Whether an answer is still owed. */
    boolean isRunning() {
        return exchange.isRunning();
    }

    // ---- what goes out -------------------------------------------------------------------------------------------

    @Override
    public byte[] clientAddress() {
        return clientAddress;
    }

    @Override
    public byte[] preamble(Announcement version) {
        return ClientPreamble.of(version, clientAddress, clientPort, connection.localAddress());
    }

    @Override
    public byte[] forwardedLines() {
        return forwardedLines;
    }

    @Override
    public @Nullable TlsSession tls() {
        return connection.peer().tls();
    }

    @Override
    public boolean isSecure() {
        return secure;
    }

    @Override
    public String protocol() {
        return "HTTP/2";
    }

    @Override
    public void sendInterim(ResponseHead interim) {
        if (stream != null) {
            connection.writeHeaders(stream, connection.loop().h2HeadWriter().interim(interim), false);
        }
    }

    @Override
    public void sendSwitch(ResponseHead answer, String protocol) {
        if (stream != null) {
            answer.restate(200);
            connection.writeHeaders(stream, connection.loop().h2HeadWriter().response(answer), false);
            tunnel.open(hashCode());
            if (!paused) {
                returnWindow();
            }
            flush();
        }
    }

    @Override
    public void sendHead(ResponseHead answer) {
        if (stream != null) {
            tunnel.refuse();
            // From here on the two directions of a stream are nobody's hurry but theirs: think of a call of gRPC that
            // listens most of the time. Upstream has a deadline for an answer that stands still.
            connection.loop().deadlines().clear(bodyWatch);
            answerBegun = true;
            answerEnded = answer.framing() == Framing.NONE;
            lastWrite = connection.writeHeaders(
                    stream, connection.loop().h2HeadWriter().response(answer), answerEnded);
        }
    }

    @Override
    public void sendBody(ByteBuf buffer, int index, int length) {
        if (stream == null) {
            return;
        }
        connection.writeData(stream, buffer, index, length, false);
        if (tunnel.isOpen()) {
            tunnel.onMoved();
        } else if (stream != null && !connection.isWritable(stream)) {
            readerWatch.begin();
        }
    }

    @Override
    public void sendEnd(@Nullable Fields trailers) {
        connection.onAnswered();
        if (stream != null && !answerEnded) {
            answerEnded = true;
            lastWrite = trailers == null
                    ? connection.writeEnd(stream)
                    : connection.writeHeaders(
                            stream, connection.loop().h2HeadWriter().trailers(trailers), true);
        }
        if (stream != null && lastWrite != null && !requestEnded && !exchange.isRunning()) {
            connection.loop().deadlines().clear(bodyWatch);
            awaitRequestEnd(stream, lastWrite);
        }
        lastWrite = null;
        returnWindow();
        flush();
    }

    /**
     * Lets the client know that the rest of its request is not wanted, once the end of the answer has gone out: a reset
     * before that would take the answer with it (RFC 9113 section 8.1).
     */
    private void awaitRequestEnd(Http2Stream answered, ChannelFuture lastOfAnswer) {
        lastOfAnswer.addListener(sent -> {
            if (sent.isSuccess() && stream == answered) {
                connection.loop().deadlines().setAfter(bodyWatch, AFTER_ANSWER_NANOS);
            }
        });
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
    public void pauseReading(boolean pause) {
        paused = pause;
        if (pause) {
            // The client is not slow while it is we who give it no window.
            pace.disturb();
        } else {
            returnWindow();
        }
    }

    /** What upstream has taken, the client may send again (RFC 9113 section 5.2). */
    private void returnWindow() {
        if (stream != null && unreturnedBytes > 0 && !tunnel.isWaiting()) {
            int bytes = unreturnedBytes;
            unreturnedBytes = 0;
            connection.returnWindow(stream, bytes);
        }
    }

    @Override
    public void cut() {
        // Never END_STREAM: what is missing must show (RFC 9113 section 8.1).
        reset(tunnel.isOpen() ? Http2Error.CANCEL : Http2Error.INTERNAL_ERROR);
    }

    void reset(Http2Error error) {
        if (stream != null) {
            connection.reset(stream, error);
        }
    }

    /** A request body that stands still or drips, unless it is upstream that does not take it; or that nobody wants. */
    private final class BodyWatch extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            if (answerEnded) {
                reset(Http2Error.NO_ERROR);
            } else if (stream != null && !requestEnded && !answerBegun) {
                look();
            }
        }

        private void look() {
            if (paused || connection.isWindowShut()) {
                // Upstream has a deadline of its own.
                pace.disturb();
            }
            if (pace.keepsUp(bodyBytes)) {
                awaitBodyPart();
                return;
            }
            connection.loop().meter().increment(Count.REFUSED_TOO_SLOW);
            exchange.refuse(408, "the request body did not arrive in time");
            flush();
        }
    }

    /** A client that does not take a single octet of its answer. */
    private final class ReaderWatch extends Deadline {
        private int windowBytes;

        void begin() {
            windowBytes = connection.windowBytes(Objects.requireNonNull(stream));
            connection.loop().deadlines().setAfter(this, connection.plan().idleNanos());
        }

        @Override
        protected void onDeadline(long nowNanos) {
            Http2Stream waiting = stream;
            if (waiting == null || connection.isWritable(waiting)) {
                return;
            }
            if (connection.windowBytes(waiting) != windowBytes) {
                begin();
                return;
            }
            reset(Http2Error.CANCEL);
        }
    }
}
