package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.turnout.exchange.Exchange;
import io.turnout.loop.Deadline;
import io.turnout.loop.Deadlines;
import java.util.ArrayDeque;

/**
 * The client's side of a tunnel that is a stream of HTTP/2 (RFC 8441): holds what the client says before the backend has
 * agreed, passes on the rest, ends in silence, and leaves when its listener is left.
 *
 * <p>Confined to its connection's event loop. What it holds is bounded by the stream's window, which is not given back
 * meanwhile; it owns that until it has passed it on.
 */
final class StreamTunnel extends Deadline {
    private enum State {
        NONE,
        ASKED,
        OPEN,
        /** The backend has not agreed: what the client says belongs to nothing. */
        REFUSED
    }

    private final Deadlines deadlines;
    private final Departure departure;
    private final Exchange exchange;
    private final long silenceNanos;
    private final Runnable onOver;
    private final ArrayDeque<ByteBuf> early = new ArrayDeque<>();
    private State state = State.NONE;
    private boolean endedEarly;
    private boolean leaving;

    /** A stream that is not a tunnel, yet. */
    StreamTunnel(Deadlines deadlines, Departure departure, Exchange exchange, long silenceNanos, Runnable onOver) {
        this.deadlines = deadlines;
        this.departure = departure;
        this.exchange = exchange;
        this.silenceNanos = silenceNanos;
        this.onOver = onOver;
    }

    /** The request asks for a tunnel. */
    void ask() {
        state = State.ASKED;
        endedEarly = false;
        leaving = false;
    }

    /** Whether the stream is a tunnel or asks to become one: it carries octets then, and no content. */
    boolean isAsked() {
        return state != State.NONE;
    }

    /** Whether what the client sends is held back. */
    boolean isWaiting() {
        return state == State.ASKED;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Octets from the client; the buffer stays the caller's. */
    void onData(ByteBuf data, boolean end) {
        switch (state) {
            case ASKED -> {
                early.addLast(data.retainedSlice());
                endedEarly = end;
            }
            case OPEN -> {
                pass(data);
                if (end) {
                    passEnd();
                }
            }
            case NONE, REFUSED -> {}
        }
    }

    /** What comes behind the tunnel's end belongs to nothing. */
    private void pass(ByteBuf data) {
        if (exchange.isRunning() && data.isReadable()) {
            onMoved();
            exchange.onBody(data, data.readerIndex(), data.readableBytes());
        }
    }

    private void passEnd() {
        if (exchange.isRunning()) {
            exchange.onRequestEnd(null);
        }
    }

    /** Octets have passed in one of the directions. */
    void onMoved() {
        if (!leaving) {
            deadlines.setAfter(this, silenceNanos);
        }
    }

    /** The backend has agreed and the client has been told. */
    void open(int place) {
        state = State.OPEN;
        onMoved();
        if (departure.hasBegun()) {
            onDrain(place);
        }
        for (ByteBuf piece; (piece = early.pollFirst()) != null; ) {
            pass(piece);
            piece.release();
        }
        exchange.onRequestBatchEnd();
        if (endedEarly) {
            passEnd();
        }
    }

    /** The listener is left: leaves in its turn, which its place among all tunnels decides. */
    void onDrain(int place) {
        if (isOpen()) {
            leaving = true;
            deadlines.setAfter(this, departure.tunnelNanos(place));
        }
    }

    /** The client gets an answer instead. */
    void refuse() {
        if (state == State.ASKED) {
            state = State.REFUSED;
            releaseEarly();
        }
    }

    /** The stream is closed. */
    void end() {
        state = State.NONE;
        releaseEarly();
        deadlines.clear(this);
    }

    private void releaseEarly() {
        for (ByteBuf piece; (piece = early.pollFirst()) != null; ) {
            piece.release();
        }
    }

    @Override
    protected void onDeadline(long nowNanos) {
        onOver.run();
    }
}
