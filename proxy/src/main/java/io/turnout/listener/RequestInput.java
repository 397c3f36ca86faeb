package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.turnout.exchange.DataLoop;
import io.turnout.http.Fields;
import io.turnout.http.H1BodyReader;
import io.turnout.http.H1BodyReader.Piece;
import io.turnout.http.H1RequestParser.Progress;
import io.turnout.http.HeadLimits;
import io.turnout.http.Method;
import io.turnout.http.Refusal;
import io.turnout.http.RequestHead;
import io.turnout.snapshot.ListenerPlan;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the requests of one HTTP/1 connection within the listener's limits, and keeps the octets of those that have to
 * wait for their turn.
 *
 * <p>Pulled by the connection, which decides what each find means. Between requests it holds neither a head nor a
 * buffer. Confined to the connection's event loop.
 */
final class RequestInput {
    /** How much of a request that has been answered early is read on, in octets, before the connection is given up. */
    private static final long DISCARD_BYTES = 256 * 1024;

    private final DataLoop loop;
    private final HeadLimits headLimits;
    private final long maxBodyBytes;
    private final int maxGlitches;
    private final H1BodyReader body = new H1BodyReader();

    private @Nullable RequestHead head;
    private @Nullable ArrayDeque<ByteBuf> waiting;
    private Refusal refusal = Refusal.REQUEST_LINE;
    private boolean headBegun;
    private long bodyBytes;
    private int glitches;
    private long discardedBytes;

    RequestInput(DataLoop loop, ListenerPlan plan) {
        this.loop = loop;
        ListenerPlan.Limits limits = plan.limits();
        headLimits =
                new HeadLimits(limits.startLineBytes(), limits.headBytes(), limits.fields(), plan.encodedSlashes());
        maxBodyBytes = limits.bodyBytes();
        maxGlitches = limits.glitches();
    }

    // ---- heads ---------------------------------------------------------------------------------------------------

    /** Reads on in the head that is awaited; {@link #takeHead} has it when it is complete. */
    Progress readHead(ByteBuf in) {
        RequestHead request = head;
        if (request == null) {
            request = loop.heads().borrowRequest();
            head = request;
        }
        Progress progress = loop.requestParser().parse(request, in, headLimits);
        if (progress == Progress.REFUSED) {
            refusal = loop.requestParser().refusal();
        }
        return progress;
    }

    /** Whether octets of a head that is not complete have come; answers true once for each head. */
    boolean beginsHead() {
        boolean first = !headBegun;
        headBegun = true;
        return first;
    }

    /** Whether the connection is in the middle of a head. */
    boolean isInHead() {
        return headBegun;
    }

    /** The head that is complete, the caller's from now on; its body is read next. */
    RequestHead takeHead() {
        RequestHead request = Objects.requireNonNull(head);
        glitches += request.blankLines() + body.glitches();
        head = null;
        headBegun = false;
        bodyBytes = 0;
        discardedBytes = 0;
        body.begin(request.framing(), request.contentLength());
        return request;
    }

    /** Whether what is known of a head that was not taken says that its answer has no body (RFC 9110 section 9.3.2). */
    boolean isHeadRequest() {
        return head != null && head.method() == Method.HEAD;
    }

    /** Whether more oddities have come than a connection is forgiven. */
    boolean hasTooManyGlitches() {
        return glitches > maxGlitches;
    }

    /** Octets of the current request's body so far. */
    long bodyBytes() {
        return bodyBytes;
    }

    /** Forgets a head that was refused or will not come to its end. */
    void dropHead() {
        if (head != null) {
            loop.heads().giveBack(head);
            head = null;
        }
    }

    // ---- bodies --------------------------------------------------------------------------------------------------

    /** The next piece of the body; refused once it is larger than a body may be. */
    Piece readBody(ByteBuf in) {
        Piece piece = nextPiece(in);
        if (piece == Piece.DATA) {
            bodyBytes += body.dataLength();
            if (bodyBytes > maxBodyBytes) {
                refusal = Refusal.BODY_TOO_LARGE;
                return Piece.REFUSED;
            }
        }
        return piece;
    }

    private Piece nextPiece(ByteBuf in) {
        Piece piece = body.next(in);
        if (piece == Piece.REFUSED) {
            refusal = body.refusal();
        } else if (glitches + body.glitches() > maxGlitches) {
            refusal = Refusal.GLITCHES;
            return Piece.REFUSED;
        }
        return piece;
    }

    /** As {@link #readBody} for a request that has been answered already; refused when too much of it is left. */
    Piece discard(ByteBuf in) {
        Piece piece = nextPiece(in);
        if (piece == Piece.DATA) {
            discardedBytes += body.dataLength();
            return discardedBytes > DISCARD_BYTES ? Piece.REFUSED : piece;
        }
        return piece;
    }

    int dataIndex() {
        return body.dataIndex();
    }

    int dataLength() {
        return body.dataLength();
    }

    @Nullable
    Fields trailers() {
        return body.trailers();
    }

    /** Why the last read was refused. */
    Refusal refusal() {
        return refusal;
    }

    // ---- what has to wait ----------------------------------------------------------------------------------------

    boolean hasWaiting() {
        return waiting != null && !waiting.isEmpty();
    }

    /** Keeps the rest of a buffer in front of what waits; owned until {@link #pollWaiting}. */
    void keepFirst(ByteBuf in) {
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
        waiting.addFirst(in);
    }

    /** Keeps a buffer behind what waits. */
    void keepLast(ByteBuf in) {
        Objects.requireNonNull(waiting).addLast(in);
    }

    /** The buffer that is next, the caller's to release, or null. */
    @Nullable
    ByteBuf pollWaiting() {
        return waiting == null ? null : waiting.pollFirst();
    }

    /** Releases what waits. */
    void dropWaiting() {
        for (ByteBuf buffer; (buffer = pollWaiting()) != null; ) {
            buffer.release();
        }
    }
}
