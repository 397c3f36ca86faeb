package io.turnout.exchange;

import io.netty.buffer.ByteBuf;
import io.turnout.exchange.mirror.CopiedRequest;
import io.turnout.exchange.mirror.Original;
import io.turnout.http.Fields;
import io.turnout.http.ForwardingRules;
import io.turnout.http.Framing;
import io.turnout.http.KnownField;
import io.turnout.http.RequestHead;
import io.turnout.http.ResponseHead;
import io.turnout.loop.Deadline;
import io.turnout.model.DecisionReason;
import io.turnout.model.Outcome;
import io.turnout.model.UpstreamFailure;
import io.turnout.routing.Decision;
import io.turnout.routing.OnEmpty;
import io.turnout.snapshot.Announcement;
import io.turnout.snapshot.RoutePlan;
import io.turnout.snapshot.Snapshot;
import io.turnout.snapshot.TargetPlan;
import io.turnout.telemetry.LoopMeter;
import io.turnout.telemetry.VariantMeter;
import io.turnout.upstream.Borrower;
import io.turnout.upstream.LoopEndpoint;
import io.turnout.upstream.LoopPool;
import io.turnout.upstream.LoopPool.Reuse;
import io.turnout.upstream.ResponseSink;
import io.turnout.upstream.UpstreamConnection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: decides where it goes in the snapshot it pinned, relays both ways with back-pressure,
 * tries again where that is safe, and records what became of it.
 *
 * <p>Confined to its event loop. One object serves a connection's requests one after the other: {@link #begin} starts a
 * request, and the exchange is at rest again when the downstream has been told the end or has been cut.
 */
public final class Exchange implements ResponseSink {
    private final DataLoop loop;
    private final Downstream downstream;
    private final HeldBody held = new HeldBody();
    private final TotalDeadline totalDeadline = new TotalDeadline();

    private @Nullable RequestHead head;
    private @Nullable Snapshot snapshot;
    private @Nullable RoutePlan route;
    private @Nullable TargetPlan target;
    private @Nullable Decision decision;
    private @Nullable LoopPool pool;
    private @Nullable LoopEndpoint endpoint;
    private @Nullable UpstreamConnection connection;
    private @Nullable Dial dial;
    private @Nullable String visitorCookie;
    private @Nullable CopiedRequest copied;

    private long startNanos;
    private long attemptNanos;
    private long firstByteNanos;
    private long answerBytes;
    private int status;
    private int attempts;
    private int grpcStatus;

    /** The deadline a gRPC caller has set, from the exchange's begin; 0 for none. */
    private long callNanos;

    /** Whether this is a call of gRPC, and, once the answer has begun, whether the answer is one too. */
    private boolean grpc;

    private boolean requestEnded;
    private boolean bodySent;
    private boolean answerBegun;
    private boolean judged;
    private boolean retrying;

    /** Whether the protocol has been changed: the request is recorded, octets are passed on until both sides end. */
    private boolean tunnel;

    private boolean answerEnded;

    /** How many limits this exchange has passed while it waited for its answer; its place among those that wait. */
    int overdueLimits;

    @Nullable
    Exchange nextWaiting;

    @Nullable
    Exchange previousWaiting;

    /** An exchange at rest. */
    public Exchange(DataLoop loop, Downstream downstream) {
        this.loop = loop;
        this.downstream = downstream;
    }

    /** Whether a request is in progress. */
    public boolean isRunning() {
        return head != null;
    }

    /**
     * Starts a request whose head is complete. The head is the exchange's until the request is over; it gives it back
     * to the loop's pool.
     */
    public void begin(RequestHead requestHead) {
        head = requestHead;
        startNanos = loop.ticker().nanos();
        attemptNanos = startNanos;
        firstByteNanos = -1;
        answerBytes = 0;
        status = 0;
        attempts = 0;
        requestEnded = requestHead.framing() == Framing.NONE;
        grpc = Grpc.isCall(requestHead.fields());
        callNanos = 0;
        bodySent = false;
        answerBegun = false;
        judged = false;
        overdueLimits = 0;
        retrying = false;
        tunnel = false;
        answerEnded = false;
        loop.meter().add(LoopMeter.Count.EXCHANGES_ACTIVE, 1);
        Snapshot world = loop.snapshot();
        snapshot = world;
        if (loop.shedsRequest()) {
            loop.meter().increment(LoopMeter.Count.REFUSED_OVERLOAD);
            answer(503, "connection_limit_reached", "too much is asked for at the moment", Outcome.UNAVAILABLE);
            return;
        }
        LocalEnd end = LocalEnd.of(requestHead);
        if (end != null) {
            answer(end.status(), end.error(), end.text(), Outcome.ofStatus(end.status()));
            return;
        }
        RoutingView view = loop.routingView().show(requestHead, downstream);
        Decision decided = world.table().decide(view, loop.draws());
        if (decided == null) {
            loop.meter().increment(LoopMeter.Count.REFUSED_NO_ROUTE);
            answer(404, "destination_not_found", "no route matches this request", Outcome.CLIENT_ERROR);
            return;
        }
        enter(world, decided, view);
    }

    private void enter(Snapshot world, Decision decided, RoutingView view) {
        RoutePlan plan = world.routes().get(decided.route().index());
        route = plan;
        String visitor = loop.draws().mintedVisitor();
        visitorCookie =
                visitor == null || plan.visitorCookie() == null ? null : VisitorCookie.of(plan, visitor, downstream);
        Decision usable = usable(plan, decided, view);
        decision = usable == null ? decided : usable;
        TargetPlan chosen = plan.targets().get(decision.slot());
        target = chosen;
        cell(chosen).onStarted(weight());
        cell(chosen).onDecided(decision.reason());
        if (usable == null) {
            fail(UpstreamFailure.NO_ENDPOINT);
            return;
        }
        pool = loop.upstreams().pool(chosen.pool().id());
        if (weight() == VariantMeter.Weight.EVIDENCE) {
            loop.waiting().add(this);
        }
        RequestHead request = Objects.requireNonNull(head);
        if (!plan.mirrors().isEmpty() && request.upgrade() == null) {
            copied = loop.mirrors()
                    .choose(
                            plan.mirrors(),
                            new Original(
                                    request,
                                    view,
                                    chosen.pool().id(),
                                    downstream.forwardedLines(),
                                    downstream,
                                    startNanos));
        }
        ForwardingRules.dropHopByHop(request.fields());
        if (!request.fields().has(KnownField.X_REQUEST_ID)) {
            loop.requestIds().mint(request);
        }
        HeadEdits.apply(plan, chosen, request);
        long totalNanos = totalNanos(plan, request);
        if (totalNanos > 0) {
            loop.deadlines().setAfter(totalDeadline, totalNanos);
        }
        attempt(null, Reuse.ALLOWED);
        if (copied != null) {
            copied.start();
        }
    }

    /** How long the exchange may take, by the route and, in gRPC, by the caller; 0 for ever. */
    private long totalNanos(RoutePlan plan, RequestHead request) {
        callNanos = grpc ? Grpc.timeoutNanos(request.fields()) : 0;
        return callNanos > 0 && (plan.totalNanos() == 0 || callNanos < plan.totalNanos())
                ? callNanos
                : plan.totalNanos();
    }

    /** The decision itself when its pool can take the request, else what {@code onEmpty} makes of it, else null. */
    private @Nullable Decision usable(RoutePlan plan, Decision decided, RoutingView view) {
        if (loop.upstreams().pool(decided.pool().id()).isUsable()) {
            return decided;
        }
        Decision redirected = decided.route()
                .redirect(
                        decided,
                        view,
                        loop.draws(),
                        id -> loop.upstreams().pool(id).isUsable());
        if (redirected != null) {
            // The variant that was meant failed the request, whoever answers it now.
            VariantMeter.Cell meant = cell(plan.targets().get(redirected.chargedSlot()));
            meant.onStarted(VariantMeter.Weight.EVIDENCE);
            meant.onCharged();
            meant.onFinished(VariantMeter.Weight.EVIDENCE, Outcome.UNAVAILABLE, 0, -1, 0);
        }
        if (redirected == null && isLastResort(decided)) {
            return decided;
        }
        return redirected;
    }

    /** Nobody else can take the request, and its pool has endpoints, though none is known to be healthy. */
    private boolean isLastResort(Decision decided) {
        return !(decided.route().split().onEmpty() instanceof OnEmpty.Fail)
                && loop.upstreams().pool(decided.pool().id()).isLastResort();
    }

    private void attempt(@Nullable LoopEndpoint avoided, Reuse reuse) {
        attempts++;
        LoopPool from = Objects.requireNonNull(pool);
        if (!from.isLastResort()) {
            fail(UpstreamFailure.NO_ENDPOINT);
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
        endpoint = lent.endpoint();
        lent.sendHead(Objects.requireNonNull(head), downstream.forwardedLines(), this);
        held.sendTo(lent);
        bodySent |= held.release();
        if (requestEnded) {
            lent.sendEnd(held.takeTrailers());
        }
        downstream.pauseReading(false);
    }

    /** Request content from the client; the buffer stays the caller's. */
    public void onBody(ByteBuf buffer, int index, int length) {
        if (copied != null) {
            copied.onBody(buffer, index, length);
        }
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

    /** The request is complete. */
    public void onRequestEnd(@Nullable Fields trailers) {
        requestEnded = true;
        if (copied != null) {
            copied.onRequestEnd(trailers);
        }
        if (tunnel) {
            onTunnelSideEnded();
        } else if (connection != null) {
            connection.sendEnd(trailers);
        } else {
            held.keepTrailers(trailers);
        }
    }

    /** No more request content in this batch of reads. */
    public void onRequestBatchEnd() {
        if (connection != null) {
            connection.flush();
        }
        if (copied != null) {
            copied.flush();
        }
    }

    /** The client takes more of the answer again. */
    public void onDownstreamWritable() {
        if (connection != null) {
            connection.pauseReading(false);
        }
    }

    /** The client is gone, or sent something that ends the exchange without an answer. */
    public void onClientGone() {
        if (tunnel) {
            leaveTunnel();
        } else if (head != null) {
            finish(Outcome.CLIENT_GONE, "client_gone");
        }
    }

    /**
     * The request cannot go on for a reason of the client's: its body broke a rule, was too large or too slow. The
     * client is answered when it has not been yet, and cut otherwise.
     */
    public void refuse(int refusalStatus, String text) {
        if (head == null) {
            return;
        }
        if (answerBegun) {
            finish(Outcome.CLIENT_GONE, "client_error");
            downstream.cut();
            return;
        }
        String error = refusalStatus == 408 ? "http_request_timeout" : "http_request_error";
        answer(refusalStatus, error, text, Outcome.CLIENT_ERROR);
    }

    @Override
    public void onInterim(ResponseHead interim) {
        ForwardingRules.dropHopByHop(interim.fields());
        ForwardingRules.dropLengthOfNothing(interim);
        downstream.sendInterim(interim);
        downstream.flush();
    }

    @Override
    public void onHead(ResponseHead answer) {
        loop.waiting().remove(this);
        firstByteNanos = loop.ticker().nanos();
        Objects.requireNonNull(endpoint).onAnswer(answer.status(), firstByteNanos - attemptNanos, firstByteNanos);
        answerBegun = true;
        status = answer.status();
        Fields fields = answer.fields();
        grpc = grpc && status == 200 && Grpc.isCall(fields);
        if (grpc) {
            grpcStatus = Grpc.status(fields);
        }
        if (copied != null) {
            copied.onAnswerHead(answer);
        }
        ForwardingRules.dropHopByHop(answer.fields());
        ForwardingRules.dropLengthOfNothing(answer);
        edit(answer.fields());
        downstream.sendHead(answer);
    }

    private void edit(Fields fields) {
        Objects.requireNonNull(target).responseEdits().applyTo(fields);
        if (visitorCookie != null) {
            fields.add("Set-Cookie", visitorCookie);
        }
    }

    /** The request is answered and counts as such; how long the tunnel lasts and how it ends is no evidence. */
    @Override
    public void onSwitch(ResponseHead answer) {
        loop.waiting().remove(this);
        firstByteNanos = loop.ticker().nanos();
        answerBegun = true;
        status = answer.status();
        Fields fields = answer.fields();
        String protocol = fields.value(fields.find(KnownField.UPGRADE));
        ForwardingRules.dropHopByHop(fields);
        ForwardingRules.dropLengthOfNothing(answer);
        fields.add("Connection", "Upgrade");
        fields.add("Upgrade", protocol);
        edit(fields);
        record(Outcome.SUCCESS, "tunnel");
        endRetry();
        loop.deadlines().clear(totalDeadline);
        tunnel = true;
        requestEnded = false;
        loop.meter().increment(LoopMeter.Count.TUNNELS_OPENED);
        loop.meter().add(LoopMeter.Count.TUNNELS_OPEN, 1);
        downstream.sendSwitch(answer);
    }

    @Override
    public void onHalfClosed() {
        answerEnded = true;
        onTunnelSideEnded();
    }

    /** One side has nothing more to say; the other is told, and when both have ended the tunnel is over. */
    private void onTunnelSideEnded() {
        if (requestEnded && connection != null) {
            connection.sendEnd(null);
            connection.flush();
        }
        boolean over = requestEnded && answerEnded;
        if (over) {
            leaveTunnel();
        }
        if (answerEnded) {
            downstream.sendEnd(null);
        }
    }

    private void leaveTunnel() {
        tunnel = false;
        loop.meter().add(LoopMeter.Count.TUNNELS_OPEN, -1);
        letGo();
    }

    @Override
    public void onAnswerBody(ByteBuf buffer, int index, int length) {
        answerBytes += length;
        if (copied != null) {
            copied.onAnswerBody(buffer, index, length);
        }
        downstream.sendBody(buffer, index, length);
        if (connection != null && !downstream.isWritable()) {
            connection.pauseReading(true);
        }
    }

    @Override
    public void onEnd(@Nullable Fields trailers) {
        connection = null;
        if (copied != null) {
            copied.onAnswerEnd((loop.ticker().nanos() - startNanos) / 1000);
        }
        finish(outcome(trailers), "-");
        downstream.sendEnd(trailers);
    }

    /** How a whole answer counts. A gRPC status is the last thing that comes, in the head only if there is nothing else. */
    private Outcome outcome(@Nullable Fields trailers) {
        if (!grpc) {
            return Outcome.ofStatus(status);
        }
        return Grpc.outcome(trailers == null ? grpcStatus : Grpc.status(trailers));
    }

    @Override
    public void onBatchEnd() {
        downstream.flush();
    }

    @Override
    public void onWritable() {
        downstream.pauseReading(false);
    }

    @Override
    public void onFailure(UpstreamFailure reported) {
        // A backend keeps the caller's deadline, too, and resets a moment before our coarser clock strikes.
        boolean late = callNanos > 0 && loop.ticker().nanos() - startNanos >= callNanos;
        UpstreamFailure failure = late && reported == UpstreamFailure.RESET ? UpstreamFailure.TOTAL_TIMEOUT : reported;
        UpstreamConnection failedOn = connection;
        connection = null;
        LoopEndpoint asked = failedOn == null ? null : failedOn.endpoint();
        if (failedOn != null) {
            blame(failedOn, failure);
        }
        if (tunnel) {
            leaveTunnel();
            downstream.cut();
        } else if (mayRetry(failure)) {
            retry(asked, failure);
        } else {
            fail(failure);
        }
    }

    /** The endpoint's health takes note of what it did to an attempt. */
    private void blame(UpstreamConnection failedOn, UpstreamFailure failure) {
        long now = loop.ticker().nanos();
        failedOn.endpoint().onAttemptFailed(failure, failedOn.isReused(), now - attemptNanos, now);
    }

    /** Refusals first; what is left may be sent again (RFC 9110 section 9.2.2, RFC 9112 section 9.3.1). */
    private boolean mayRetry(UpstreamFailure failure) {
        RoutePlan plan = route;
        LoopPool from = pool;
        RequestHead request = head;
        if (plan == null || from == null || request == null || answerBegun || plan.retries() == 0) {
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
        return attempts <= allowed
                && from.isLastResort()
                && (nothingSent || retrying || from.mayRetry(plan.retryBudgetPpm()));
    }

    private void retry(@Nullable LoopEndpoint asked, UpstreamFailure failure) {
        judge(failure.outcome());
        cell(Objects.requireNonNull(target)).onRetried();
        // The budget keeps retries from doubling the load; what reached nobody was no load.
        if (!retrying && failure.sent() == UpstreamFailure.Sent.SOMETHING) {
            retrying = true;
            Objects.requireNonNull(pool).onRetry();
        }
        attemptNanos = loop.ticker().nanos();
        attempt(asked, Reuse.FORBIDDEN);
    }

    private void fail(UpstreamFailure failure) {
        if (answerBegun) {
            finish(failure.outcome(), failure.label());
            downstream.cut();
            return;
        }
        OwnAnswer.Body body = OwnAnswer.Body.of(Objects.requireNonNull(head));
        status = failure.status();
        finish(failure.outcome(), failure.label());
        OwnAnswer.send(downstream, loop.heads(), failure.status(), failure.label(), OwnText.of(failure), body);
    }

    private void answer(int ownStatus, String error, String text, Outcome outcome) {
        OwnAnswer.Body body = OwnAnswer.Body.of(Objects.requireNonNull(head));
        status = ownStatus;
        finish(outcome, "refused");
        OwnAnswer.send(downstream, loop.heads(), ownStatus, error, text, body);
    }

    /** The outcome of the first attempt is known: it is the one that counts for the variant and its endpoint. */
    private void judge(Outcome outcome) {
        if (judged || outcome == Outcome.CLIENT_GONE || weight() == VariantMeter.Weight.FORCED) {
            return;
        }
        judged = true;
        boolean failed = outcome.chargedToVariant();
        if (failed) {
            cell(Objects.requireNonNull(target)).onCharged();
        }
        if (endpoint != null) {
            endpoint.plan().meter().cell(loop.index()).onJudged(failed);
        }
    }

    /** Counts a wait that goes on; called by the loop's tick while no answer has begun. */
    void onStillWaiting(long nowNanos) {
        TargetPlan asked = Objects.requireNonNull(target);
        int passed = asked.meter().overdueLimits().passed(nowNanos - startNanos);
        while (overdueLimits < passed) {
            cell(asked).onOverdue(overdueLimits++);
        }
    }

    /** Records the exchange and lets everything go; the downstream is told by the caller, afterwards. */
    private void finish(Outcome outcome, String flag) {
        record(outcome, flag);
        letGo();
    }

    private void record(Outcome outcome, String flag) {
        long endNanos = loop.ticker().nanos();
        loop.meter().add(LoopMeter.Count.EXCHANGES_ACTIVE, -1);
        if (target != null) {
            judge(outcome);
            if (overdueLimits > 0 && (firstByteNanos >= 0 || outcome == Outcome.TIMEOUT)) {
                cell(target).onOverdueEnded(overdueLimits);
            }
            long firstByteMicros = firstByteNanos < 0 ? -1 : (firstByteNanos - startNanos) / 1000;
            cell(target).onFinished(weight(), outcome, status, firstByteMicros, (endNanos - startNanos) / 1000);
        }
        if (Objects.requireNonNull(snapshot).accessLog().isOn()) {
            log(endNanos, flag);
        }
    }

    private void letGo() {
        loop.waiting().remove(this);
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
        loop.deadlines().clear(totalDeadline);
        held.clear();
        CopiedRequest copies = copied;
        copied = null;
        if (copies != null) {
            copies.onOver();
        }
        if (head != null) {
            loop.heads().giveBack(head);
        }
        head = null;
        snapshot = null;
        route = null;
        target = null;
        decision = null;
        pool = null;
        endpoint = null;
        visitorCookie = null;
    }

    private void endRetry() {
        if (retrying) {
            retrying = false;
            Objects.requireNonNull(pool).onRetryEnd();
        }
    }

    private VariantMeter.Weight weight() {
        Decision made = decision;
        DecisionReason reason = made == null ? DecisionReason.FORCED : made.reason();
        return reason == DecisionReason.FORCED || reason == DecisionReason.REDIRECTED
                ? VariantMeter.Weight.FORCED
                : VariantMeter.Weight.EVIDENCE;
    }

    private VariantMeter.Cell cell(TargetPlan of) {
        return of.meter().cell(loop.index());
    }

    private void log(long endNanos, String flag) {
        AccessEntry entry = new AccessEntry(
                Objects.requireNonNull(head),
                downstream,
                Objects.requireNonNull(snapshot).generation(),
                decision,
                endpoint);
        long upstreamMicros = firstByteNanos < 0 ? -1 : (firstByteNanos - startNanos) / 1000;
        long totalMicros = (endNanos - startNanos) / 1000;
        if (!loop.accessLog().offer(entry.toRecord(status, answerBytes, totalMicros, upstreamMicros, attempts, flag))) {
            loop.meter().increment(LoopMeter.Count.ACCESS_LOG_DROPPED);
        }
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
                Exchange.this.onLent(lent);
                lent.flush();
            }
        }

        @Override
        public void onLendFailed(@Nullable LoopEndpoint asked, UpstreamFailure failure) {
            if (cancelled) {
                return;
            }
            dial = null;
            endpoint = asked;
            if (mayRetry(failure)) {
                retry(asked, failure);
            } else {
                fail(failure);
            }
        }
    }

    /** The route's limit on an exchange as a whole. */
    private final class TotalDeadline extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            if (head != null) {
                UpstreamConnection late = connection;
                if (late != null && requestEnded) {
                    blame(late, UpstreamFailure.TOTAL_TIMEOUT);
                }
                fail(UpstreamFailure.TOTAL_TIMEOUT);
                downstream.flush();
            }
        }
    }
}
