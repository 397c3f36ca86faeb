package io.turnout.exchange.mirror;

import io.netty.buffer.ByteBuf;
import io.turnout.http.Fields;
import io.turnout.http.Framing;
import io.turnout.http.RequestHead;
import io.turnout.http.ResponseHead;
import io.turnout.loop.Deadline;
import io.turnout.model.UpstreamFailure;
import io.turnout.snapshot.Announcement;
import io.turnout.snapshot.MirrorPlan;
import io.turnout.telemetry.MirrorDrop;
import io.turnout.telemetry.MirrorUnpaired;
import io.turnout.upstream.Borrower;
import io.turnout.upstream.LoopEndpoint;
import io.turnout.upstream.LoopPool;
import io.turnout.upstream.ResponseSink;
import io.turnout.upstream.UpstreamConnection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One copy of one request, from the decision to its last octet. It may outlive its original.
 *
 * <p>Confined to its event loop. What the shadow cannot take yet waits here as shared buffers; when that exceeds a limit
 * the copy is cut, so that the shadow sees a request that is not whole, never one that only looks so.
 *
 * <p>One object serves copy after copy of its mirror: it rests once it is over, its original is over too, and no
 * connection can come any more.
 */
final class Copy implements Borrower, ResponseSink {
    private enum State {
        /** Nobody's. */
        RESTING,
        /** Chosen; the original's own attempt has not begun yet. */
        CHOSEN,
        /** Waiting for a connection. */
        DIALLING,
        /** The head has been sent. */
        SENT,
        /** Completed, failed or dropped. */
        OVER
    }

    /** So much content goes out at once while more of it is to come: nobody waits for it, and fewer writes cost less. */
    private static final int GATHERED_BYTES = 32_768;

    private static final byte[] NO_LINES = {};

    private final LoopMirrors loop;
    private final LoopMirror mirror;
    private final PinnedPieces pieces = new PinnedPieces();
    private final Patience patience = new Patience();
    private final Lag lag = new Lag();

    private State state = State.RESTING;
    private MirrorPlan plan;
    private long startNanos;
    private byte[] forwardedLines = NO_LINES;
    private byte @Nullable [] preamble;
    private @Nullable Pairing pairing;
    private @Nullable AnswerCapture capture;
    private @Nullable RequestHead head;
    private @Nullable UpstreamConnection connection;
    private @Nullable Fields trailers;
    private long requestBytes;
    private long answerBytes;
    private long pinnedBytes;
    private long unflushedBytes;
    private int status;
    private boolean requestEnded;
    private boolean endSent;
    private boolean sending;
    private boolean originalOver;
    private boolean awaitsConnection;

    /** A copy at rest. */
    Copy(LoopMirrors loop, LoopMirror mirror) {
        this.loop = loop;
        this.mirror = mirror;
        plan = mirror.plan;
    }

    /**
     * Takes a request, which has its place in the budget already.
     *
     * @param shaped the copy's own head, given back by it to the loop
     * @param pairs with whom its answer is compared, or null when it is thrown away
     * @param keeps where its answer is kept for that
     */
    void begin(RequestHead shaped, Original original, @Nullable Pairing pairs, @Nullable AnswerCapture keeps) {
        state = State.CHOSEN;
        plan = mirror.plan;
        head = shaped;
        startNanos = original.startNanos();
        forwardedLines = original.forwardedLines();
        Announcement announcement = loop.pool(plan.pool().id()).plan().announcement();
        preamble = announcement == Announcement.NONE ? null : original.client().preamble(announcement);
        pairing = pairs;
        capture = keeps;
        requestBytes = 0;
        answerBytes = 0;
        unflushedBytes = 0;
        status = 0;
        requestEnded = shaped.framing() == Framing.NONE;
        endSent = false;
        originalOver = false;
    }

    /** Sets out; nothing of the original waits for it. */
    void start() {
        if (state != State.CHOSEN) {
            return;
        }
        state = State.DIALLING;
        LoopPool pool = loop.pool(plan.pool().id());
        if (!pool.isUsable()) {
            drop(MirrorDrop.NO_ENDPOINT);
            return;
        }
        loop.deadlines().setAfter(patience, plan.caps().timeoutNanos());
        UpstreamConnection resting = pool.lendIdle(this);
        if (resting != null) {
            send(resting);
        } else {
            awaitsConnection = true;
            pool.lend(this, null, LoopPool.Reuse.ALLOWED);
        }
    }

    @Override
    public byte[] preamble(Announcement version) {
        // The pool may have begun to announce clients after this copy was chosen; its own may be another's by now.
        return preamble == null ? version.ofNobody() : preamble;
    }

    /** Content of the original's request; the buffer stays the caller's. */
    void onBody(ByteBuf buffer, int index, int length) {
        if (state == State.OVER || !plan.shaping().body()) {
            return;
        }
        requestBytes += length;
        if (requestBytes > plan.caps().requestBytes()) {
            drop(MirrorDrop.REQUEST_BYTES);
            return;
        }
        UpstreamConnection to = connection;
        if (to != null && pieces.isEmpty() && !sending && to.isWritable()) {
            unflushedBytes += length;
            to.sendBody(buffer, index, length);
            return;
        }
        hold(buffer, index, length);
    }

    private void hold(ByteBuf buffer, int index, int length) {
        long cost = pieces.cost(buffer);
        if (cost > 0 && !plan.meter().budget().tryHold(cost, plan.caps().totalBytes())) {
            drop(MirrorDrop.TOTAL_BYTES);
            return;
        }
        pinnedBytes += cost;
        pieces.add(buffer, index, length);
    }

    /** The original's request is whole; its trailers are lent. */
    void onRequestEnd(@Nullable Fields lent) {
        if (state == State.OVER || requestEnded) {
            return;
        }
        requestEnded = true;
        if (lent != null && plan.shaping().body()) {
            trailers = new Fields();
            trailers.copyFrom(lent);
        }
        if (state == State.SENT) {
            sendWaiting();
        }
    }

    /** A good moment to send what has been written: now, or soon if there is little of it and more to come. */
    void flush() {
        UpstreamConnection to = connection;
        if (to == null) {
            return;
        }
        if (requestEnded || unflushedBytes >= GATHERED_BYTES || !to.isWritable()) {
            flushNow(to);
        } else {
            loop.deadlines().setAfter(lag, 0);
        }
    }

    private void flushNow(UpstreamConnection to) {
        unflushedBytes = 0;
        loop.deadlines().clear(lag);
        to.flush();
    }

    /** The original is over: what has not come of its request never will. */
    void onOriginalOver() {
        if (state == State.CHOSEN || (state != State.OVER && !requestEnded)) {
            drop(MirrorDrop.REQUEST_CUT);
        } else {
            // The original may be over within the batch that began it.
            flush();
        }
        originalOver = true;
        restIfDone();
    }

    @Override
    public void onLent(UpstreamConnection lent) {
        awaitsConnection = false;
        if (state == State.OVER) {
            lent.giveBackUnused();
            restIfDone();
            return;
        }
        send(lent);
        // The connection has come late, when perhaps no batch of the original's is being read.
        flush();
    }

    private void send(UpstreamConnection lent) {
        state = State.SENT;
        connection = lent;
        mirror.meter.onSent();
        lent.sendHead(Objects.requireNonNull(head), forwardedLines, this);
        giveHeadBack();
        sendWaiting();
    }

    @Override
    public void onLendFailed(@Nullable LoopEndpoint endpoint, UpstreamFailure failure) {
        awaitsConnection = false;
        if (state == State.OVER) {
            restIfDone();
        } else {
            fail(failure);
        }
    }

    /** Sends what waits, as far as it is taken. Writing can call back here. */
    private void sendWaiting() {
        if (sending) {
            return;
        }
        sending = true;
        while (connection != null && !pieces.isEmpty() && connection.isWritable()) {
            ByteBuf piece = pieces.first();
            unflushedBytes += piece.readableBytes();
            connection.sendBody(piece, piece.readerIndex(), piece.readableBytes());
            if (!pieces.isEmpty()) {
                unpin(pieces.releaseFirst());
            }
        }
        sending = false;
        if (connection != null && pieces.isEmpty() && requestEnded && !endSent) {
            endSent = true;
            connection.sendEnd(trailers);
        }
    }

    private void unpin(long bytes) {
        pinnedBytes -= bytes;
        plan.meter().budget().release(bytes);
    }

    @Override
    public void onInterim(ResponseHead interim) {
        // Nobody waits for it.
    }

    @Override
    public void onHead(ResponseHead answer) {
        status = answer.status();
        if (capture != null) {
            capture.onHead(answer);
        }
    }

    @Override
    public void onAnswerBody(ByteBuf buffer, int index, int length) {
        answerBytes += length;
        if (answerBytes > plan.caps().answerBytes()) {
            drop(MirrorDrop.ANSWER_BYTES);
            return;
        }
        if (capture != null) {
            capture.onBody(buffer, index, length);
        }
    }

    @Override
    public void onEnd(@Nullable Fields answerTrailers) {
        connection = null;
        mirror.breaker.onAnswered();
        mirror.meter.onCompleted(status, (loop.nanos() - startNanos) / 1000);
        letGo();
        if (pairing != null && capture != null) {
            pairing.onWhole(capture);
        }
        restIfDone();
    }

    @Override
    public void onBatchEnd() {
        // There is no client to flush to.
    }

    @Override
    public void onWritable() {
        sendWaiting();
        flush();
    }

    @Override
    public void onFailure(UpstreamFailure failure) {
        connection = null;
        fail(failure);
    }

    private void fail(UpstreamFailure failure) {
        mirror.breaker.onFailed(loop.nanos());
        mirror.meter.onFailed(failure);
        giveUp();
    }

    private void drop(MirrorDrop reason) {
        mirror.breaker.onUndecided();
        mirror.meter.onDropped(reason);
        giveUp();
    }

    private void giveUp() {
        letGo();
        if (pairing != null) {
            pairing.onMissing(
                    plan.meter().isControl() ? MirrorUnpaired.CONTROL_MISSING : MirrorUnpaired.SHADOW_MISSING);
        }
        restIfDone();
    }

    private void letGo() {
        state = State.OVER;
        UpstreamConnection open = connection;
        connection = null;
        if (open != null) {
            open.abort();
        }
        loop.deadlines().clear(patience);
        loop.deadlines().clear(lag);
        giveHeadBack();
        pieces.clear();
        if (pinnedBytes > 0) {
            unpin(pinnedBytes);
        }
        trailers = null;
        plan.meter().budget().end();
    }

    /** The last thing that is done with it: from here on it may be another request's copy. */
    private void restIfDone() {
        if (state != State.OVER || !originalOver || awaitsConnection) {
            return;
        }
        state = State.RESTING;
        pairing = null;
        capture = null;
        forwardedLines = NO_LINES;
        preamble = null;
        if (!mirror.takeBack(this)) {
            loop.deadlines().remove(patience);
            loop.deadlines().remove(lag);
        }
    }

    private void giveHeadBack() {
        if (head != null) {
            loop.heads().giveBack(head);
            head = null;
        }
    }

    /** Sends the little that has come of a request that goes on slowly. */
    private final class Lag extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            UpstreamConnection to = connection;
            if (to != null) {
                flushNow(to);
            }
        }
    }

    /** The mirror's limit on a copy as a whole. */
    private final class Patience extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            if (state != State.OVER) {
                fail(UpstreamFailure.TOTAL_TIMEOUT);
            }
        }
    }
}
