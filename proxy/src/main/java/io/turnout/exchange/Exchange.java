package io.turnout.exchange;

import io.netty.buffer.ByteBuf;
import io.turnout.exchange.mirror.CopiedRequest;
import io.turnout.exchange.mirror.Original;
import io.turnout.http.Fields;
import io.turnout.http.ForwardingRules;
import io.turnout.http.KnownField;
import io.turnout.http.RequestHead;
import io.turnout.http.ResponseHead;
import io.turnout.loop.Deadline;
import io.turnout.model.Outcome;
import io.turnout.model.UpstreamFailure;
import io.turnout.routing.Decision;
import io.turnout.snapshot.RoutePlan;
import io.turnout.snapshot.Snapshot;
import io.turnout.snapshot.TargetPlan;
import io.turnout.snapshot.Vacated;
import io.turnout.telemetry.LoopMeter;
import io.turnout.upstream.LoopEndpoint;
import io.turnout.upstream.ResponseSink;
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
    private final Tally tally;
    private final Attempts attempts;
    private final Tunnel tunnel;
    private final GrpcCall grpc = new GrpcCall();
    private final TotalDeadline totalDeadline = new TotalDeadline();

    private @Nullable RequestHead head;
    private @Nullable Snapshot snapshot;
    private @Nullable TargetPlan target;
    private @Nullable String visitorCookie;
    private @Nullable CopiedRequest copied;
    private boolean answerBegun;

    /** Its place among the exchanges that wait for their answers. */
    @Nullable
    Exchange nextWaiting;

    @Nullable
    Exchange previousWaiting;

    /** An exchange at rest. */
    public Exchange(DataLoop loop, Downstream downstream) {
        this.loop = loop;
        this.downstream = downstream;
        tally = new Tally(loop, downstream);
        attempts = new Attempts(loop, downstream, this, tally);
        tunnel = new Tunnel(loop.meter());
    }

    /** Whether a request is in progress. */
    public boolean isRunning() {
        return head != null;
    }

    /** Whether what is in progress runs on such a variant. Who was sent there by a rule is where he wants to be. */
    public boolean isOn(Vacated vacated) {
        return head != null && tally.isOn(vacated);
    }

    /**
     * Starts a request whose head is complete. The head is the exchange's until the request is over; it gives it back
     * to the loop's pool.
     */
    public void begin(RequestHead requestHead) {
        head = requestHead;
        answerBegun = false;
        tally.begin();
        attempts.begin(requestHead);
        grpc.begin(requestHead.fields());
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
        String visitor = loop.draws().mintedVisitor();
        visitorCookie =
                visitor == null || plan.visitorCookie() == null ? null : VisitorCookie.of(plan, visitor, downstream);
        Decision usable = UsableDecision.of(loop, plan, decided, view);
        Decision made = usable == null ? decided : usable;
        TargetPlan chosen = plan.targets().get(made.slot());
        target = chosen;
        tally.onDecided(made, chosen);
        if (usable == null) {
            fail(UpstreamFailure.NO_ENDPOINT);
            return;
        }
        if (tally.isEvidence()) {
            loop.waiting().add(this);
        }
        RequestHead request = Objects.requireNonNull(head);
        // Before copies are taken: all of them go by the same id, which no client can take away (ForwardingRules).
        if (!request.fields().has(KnownField.X_REQUEST_ID)) {
            loop.requestIds().mint(request);
        }
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
                                    tally.startNanos()));
        }
        ForwardingRules.dropHopByHop(request.fields());
        HeadEdits.apply(plan, chosen, request);
        long totalNanos = grpc.limitNanos(plan.totalNanos(), request.fields());
        if (totalNanos > 0) {
            loop.deadlines().setAfter(totalDeadline, totalNanos);
        }
        attempts.start(plan, loop.upstreams().pool(chosen.pool().id()));
        if (copied != null) {
            copied.start();
        }
    }

    /** Request content from the client; the buffer stays the caller's. */
    public void onBody(ByteBuf buffer, int index, int length) {
        if (copied != null) {
            copied.onBody(buffer, index, length);
        }
        attempts.onBody(buffer, index, length);
    }

    /** The request is complete. */
    public void onRequestEnd(@Nullable Fields trailers) {
        if (copied != null) {
            copied.onRequestEnd(trailers);
        }
        if (tunnel.isOpen()) {
            tunnel.onClientEnd();
            onTunnelSideEnded();
        } else {
            attempts.onRequestEnd(trailers);
        }
    }

    /** No more request content in this batch of reads. */
    public void onRequestBatchEnd() {
        attempts.flush();
        if (copied != null) {
            copied.flush();
        }
    }

    /** The client takes more of the answer again. */
    public void onDownstreamWritable() {
        attempts.pauseAnswer(false);
    }

    /** The client is gone, or sent something that ends the exchange without an answer. */
    public void onClientGone() {
        if (tunnel.isOpen()) {
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
        pauseAnswerForClient();
    }

    @Override
    public void onHead(ResponseHead answer) {
        loop.waiting().remove(this);
        tally.onAnswer(answer.status(), attempts.startNanos());
        answerBegun = true;
        grpc.onAnswer(answer.status(), answer.fields());
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
    public void onSwitch(ResponseHead answer, String protocol) {
        loop.waiting().remove(this);
        tally.onSwitch(answer.status());
        answerBegun = true;
        ForwardingRules.dropHopByHop(answer.fields());
        ForwardingRules.dropLengthOfNothing(answer);
        edit(answer.fields());
        record(Outcome.SUCCESS, "tunnel");
        attempts.endRetry();
        loop.deadlines().clear(totalDeadline);
        tunnel.open();
        downstream.sendSwitch(answer, protocol);
    }

    @Override
    public void onHalfClosed() {
        tunnel.onBackendEnd();
        onTunnelSideEnded();
    }

    /** One side has nothing more to say; the other is told, and when both have ended the tunnel is over. */
    private void onTunnelSideEnded() {
        if (tunnel.hasClientEnded()) {
            attempts.onTunnelEnd();
        }
        if (tunnel.hasClientEnded() && tunnel.hasBackendEnded()) {
            leaveTunnel();
        }
        if (tunnel.hasBackendEnded()) {
            downstream.sendEnd(null);
        }
    }

    private void leaveTunnel() {
        tunnel.close();
        letGo();
    }

    @Override
    public void onAnswerBody(ByteBuf buffer, int index, int length) {
        tally.onAnswerBody(length);
        if (copied != null) {
            copied.onAnswerBody(buffer, index, length);
        }
        downstream.sendBody(buffer, index, length);
        pauseAnswerForClient();
    }

    private void pauseAnswerForClient() {
        if (attempts.isConnected() && !downstream.isWritable()) {
            attempts.pauseAnswer(true);
        }
    }

    @Override
    public void onEnd(@Nullable Fields trailers) {
        attempts.onAnswered();
        if (copied != null) {
            copied.onAnswerEnd(tally.elapsedNanos() / 1000);
        }
        finish(grpc.outcome(tally.status(), trailers), "-");
        downstream.sendEnd(trailers);
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
        boolean late = reported == UpstreamFailure.RESET && grpc.isOverdue(tally.elapsedNanos());
        UpstreamFailure failure = late ? UpstreamFailure.TOTAL_TIMEOUT : reported;
        LoopEndpoint asked = attempts.onFailed(failure);
        if (tunnel.isOpen()) {
            leaveTunnel();
            downstream.cut();
        } else {
            onAttemptFailed(asked, failure);
        }
    }

    /** An attempt has come to nothing: there is another, or the failure is the exchange's. */
    void onAttemptFailed(@Nullable LoopEndpoint asked, UpstreamFailure failure) {
        if (answerBegun || !attempts.retry(asked, failure)) {
            fail(failure);
        }
    }

    /** Ends the exchange for this reason: the client is told, or cut off when it has been told something else. */
    void fail(UpstreamFailure failure) {
        if (answerBegun) {
            finish(failure.outcome(), failure.label());
            downstream.cut();
            return;
        }
        OwnAnswer.Body body = OwnAnswer.Body.of(Objects.requireNonNull(head));
        tally.onOwnAnswer(failure.status());
        finish(failure.outcome(), failure.label());
        OwnAnswer.send(downstream, loop.heads(), failure.status(), failure.label(), OwnText.of(failure), body);
    }

    private void answer(int ownStatus, String error, String text, Outcome outcome) {
        OwnAnswer.Body body = OwnAnswer.Body.of(Objects.requireNonNull(head));
        tally.onOwnAnswer(ownStatus);
        finish(outcome, "refused");
        OwnAnswer.send(downstream, loop.heads(), ownStatus, error, text, body);
    }

    /** Counts a wait that goes on; called by the loop's tick while no answer has begun. */
    void onStillWaiting(long nowNanos) {
        tally.onStillWaiting(nowNanos);
    }

    /** Records the exchange and lets everything go; the downstream is told by the caller, afterwards. */
    private void finish(Outcome outcome, String flag) {
        record(outcome, flag);
        letGo();
    }

    private void record(Outcome outcome, String flag) {
        tally.record(Objects.requireNonNull(head), Objects.requireNonNull(snapshot), outcome, flag);
    }

    private void letGo() {
        loop.waiting().remove(this);
        attempts.letGo();
        loop.deadlines().clear(totalDeadline);
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
        target = null;
        visitorCookie = null;
        tally.letGo();
    }

    /** The route's limit on an exchange as a whole. */
    private final class TotalDeadline extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            if (head != null) {
                attempts.onOutOfTime();
                fail(UpstreamFailure.TOTAL_TIMEOUT);
                downstream.flush();
            }
        }
    }
}
