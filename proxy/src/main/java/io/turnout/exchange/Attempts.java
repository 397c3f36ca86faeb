package io.turnout.exchange;

import io.netty.buffer.ByteBuf;
import io.turnout.http.Fields;
import io.turnout.http.Framing;
import io.turnout.http.RequestHead;
import io.turnout.model.UpstreamFailure;
import io.turnout.snapshot.Announcement;
import io.turnout.snapshot.RoutePlan;
import io.turnout.upstream.Borrower;
import io.turnout.upstream.LoopEndpoint;
import io.turnout.upstream.LoopPool;
import io.turnout.upstream.LoopPool.Reuse;
import io.turnout.upstream.UpstreamConnection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tries of one exchange upstream, one at a time: borrows a connection, sends the request on it as it comes, lays the
 * blame for what fails, and tries again where that is safe.
 *
 * <p>What is answered goes to the exchange. Confined to its event loop; one object serves an exchange's requests one
 * after the other.
 */
final class Attempts {
    private final DataLoop loop;
    private final Downstream downstream;
    private final Exchange exchange;
    private final Tally tally;
    private final HeldBody held = new HeldBody();

    private @Nullable RequestHead head;
    private @Nullable RoutePlan route;
    private @Nullable LoopPool pool;
    private @Nullable UpstreamConnection connection;
    private @Nullable Dial dial;

    private long startNanos;
    private boolean requestEnded;
    private boolean bodySent;
    private boolean retrying;

    Attempts(DataLoop loop, Downstream downstream, Exchange exchange, Tally tally) {
        this.loop = loop;
        this.downstream = downstream;
        this.exchange = exchange;
        this.tally = tally;
    }

    /** A request begins; the head stays the exchange's. Nothing is tried before {@link #start}. */
    void begin(RequestHead requestHead) {
        head = requestHead;
        startNanos = tally.startNanos();
        requestEnded = requestHead.framing() == Framing.NONE;
        bodySent = false;
        retrying = false;
    }

    /** Makes the first attempt. */
    void start(RoutePlan plan, LoopPool from) {
        route = plan;
        pool = from;
        from.onRequest();
        attempt(null, Reuse.ALLOWED);
    }

    private void attempt(@Nullable LoopEndpoint avoided, Reuse reuse) {
        tally.onAttempt();
        LoopPool from = Objects.requireNonNull(pool);
        if (!from.isLastResort()) {
            exchange.fail(UpstreamFailure.NO_ENDPOINT);
            return;
        }
        UpstreamConnection resting = reuse == Reuse.ALLOWED && avoided == null ? from.lendIdle(downstream) : null;
        if (resting != null) {
            onLent(resting);
            return;
        }
        Dial waiting = new Dial();
        dial = waiting;
        from.lend(waiting, avoided, reuse);
    }

    private void onLent(UpstreamConnection lent) {
        dial = null;
        connection = lent;
        tally.onAsked(lent.endpoint());
        lent.sendHead(Objects.requireNonNull(head), downstream.forwardedLines(), exchange);
        held.sendTo(lent);
        bodySent |= held.release();
        if (requestEnded) {
            lent.sendEnd(held.takeTrailers());
        }
        downstream.pauseReading(false);
    }

    // ---- the request as it comes ---------------------------------------------------------------------------------

    /** Request content; held, with the client paused, while there is no connection. The buffer stays the caller's. */
    void onBody(ByteBuf buffer, int index, int length) {
        UpstreamConnection to = connection;
        if (to == null) {
            held.add(buffer, index, length);
            downstream.pauseReading(true);
            return;
        }
        bodySent = true;
        to.sendBody(buffer, index, length);
        if (!to.isWritable()) {
            downstream.pauseReading(true);
        }
    }

    void onRequestEnd(@Nullable Fields trailers) {
        requestEnded = true;
        if (connection != null) {
            connection.sendEnd(trailers);
        } else {
            held.keepTrailers(trailers);
        }
    }

    /** The client has ended its side of a tunnel. */
    void onTunnelEnd() {
        if (connection != null) {
            connection.sendEnd(null);
            connection.flush();
        }
    }

    void flush() {
        if (connection != null) {
            connection.flush();
        }
    }

    // ---- the answer ----------------------------------------------------------------------------------------------

    /** Whether an answer can come, or goes on. */
    boolean isConnected() {
        return connection != null;
    }

    /** Stops or resumes reading the answer because of what the client takes. */
    void pauseAnswer(boolean paused) {
        if (connection != null) {
            connection.pauseReading(paused);
        }
    }

    /** The answer is whole; its connection is the pool's again. */
    void onAnswered() {
        connection = null;
    }

    /** When the attempt that is under way, or was last, began. */
    long startNanos() {
        return startNanos;
    }

    // ---- what fails ----------------------------------------------------------------------------------------------

    /** The connection has failed and is gone: answers its endpoint, which has been blamed, or null if there was none. */
    @Nullable
    LoopEndpoint onFailed(UpstreamFailure failure) {
        UpstreamConnection failedOn = connection;
        connection = null;
        if (failedOn == null) {
            return null;
        }
        blame(failedOn, failure);
        return failedOn.endpoint();
    }

    /** The exchange has no time left: that is the endpoint's doing if it has the whole request. */
    void onOutOfTime() {
        UpstreamConnection late = connection;
        if (late != null && requestEnded) {
            blame(late, UpstreamFailure.TOTAL_TIMEOUT);
        }
    }

    /** The endpoint's health takes note of what it did to an attempt. */
    private void blame(UpstreamConnection failedOn, UpstreamFailure failure) {
        if (failure.outcome().chargedToVariant()) {
            long now = loop.ticker().nanos();
            failedOn.endpoint().onAttemptFailed(failure, failedOn.isReused(), now - startNanos, now);
        }
    }

    /** Tries again where that is safe and allowed; answers whether it does. Not to be asked once an answer has begun. */
    boolean retry(@Nullable LoopEndpoint asked, UpstreamFailure failure) {
        if (!mayRetry(failure)) {
            return false;
        }
        tally.judge(failure.outcome());
        tally.onRetried();
        // The budget keeps retries from doubling the load; what reached nobody was no load.
        if (failure.sent() == UpstreamFailure.Sent.SOMETHING) {
            endRetry();
            retrying = true;
            Objects.requireNonNull(pool).onRetry();
        }
        startNanos = loop.ticker().nanos();
        attempt(asked, Reuse.FORBIDDEN);
        return true;
    }

    /** Refusals first; what is left may be sent again (RFC 9110 section 9.2.2, RFC 9112 section 9.3.1). */
    private boolean mayRetry(UpstreamFailure failure) {
        RoutePlan plan = route;
        LoopPool from = pool;
        RequestHead request = head;
        if (plan == null || from == null || request == null || plan.retries() == 0) {
            return false;
        }
        boolean nothingSent = failure.sent() == UpstreamFailure.Sent.NOTHING;
        if (nothingSent && (failure == UpstreamFailure.POOL_FULL || bodySent)) {
            return false;
        }
        if (!nothingSent
                && (failure != UpstreamFailure.RESET || !request.method().isIdempotent() || bodySent)) {
            return false;
        }
        // What was not sent at all may be offered to every endpoint once; the rest only as often as configured.
        int allowed = nothingSent
                ? Math.max(plan.retries(), Math.min(from.plan().endpoints().size() - 1, 3))
                : plan.retries();
        return tally.attempts() <= allowed
                && from.isLastResort()
                && (nothingSent || from.mayRetry(plan.retryBudgetPpm()));
    }

    // ---- the end -------------------------------------------------------------------------------------------------

    /** No retry of this request runs any longer. */
    void endRetry() {
        if (retrying) {
            retrying = false;
            Objects.requireNonNull(pool).onRetryEnd();
        }
    }

    /** The exchange is over: nothing is awaited or held any longer, and an answer under way is broken off. */
    void letGo() {
        UpstreamConnection open = connection;
        connection = null;
        if (open != null) {
            open.abort();
        }
        if (dial != null) {
            dial.cancelled = true;
            dial = null;
        }
        endRetry();
        held.clear();
        head = null;
        route = null;
        pool = null;
    }

    /** Waits for a connection on behalf of one attempt, so that one that comes too late finds nobody. */
    private final class Dial implements Borrower {
        boolean cancelled;

        @Override
        public byte[] preamble(Announcement version) {
            return downstream.preamble(version);
        }

        @Override
        public void onLent(UpstreamConnection lent) {
            if (cancelled) {
                lent.giveBackUnused();
            } else {
                Attempts.this.onLent(lent);
                lent.flush();
            }
        }

        @Override
        public void onLendFailed(@Nullable LoopEndpoint asked, UpstreamFailure failure) {
            if (cancelled) {
                return;
            }
            dial = null;
            tally.onAsked(asked);
            exchange.onAttemptFailed(asked, failure);
        }
    }
}
