package io.turnout.exchange;

import io.turnout.http.RequestHead;
import io.turnout.model.DecisionReason;
import io.turnout.model.Outcome;
import io.turnout.routing.Decision;
import io.turnout.snapshot.Snapshot;
import io.turnout.snapshot.TargetPlan;
import io.turnout.snapshot.Vacated;
import io.turnout.telemetry.LoopMeter;
import io.turnout.telemetry.VariantMeter;
import io.turnout.upstream.LoopEndpoint;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one exchange counts for: keeps its times and figures while it runs, and enters them into the meters of its
 * variant and endpoint and into the access log when it is over.
 *
 * <p>Confined to its event loop; one object serves an exchange's requests one after the other.
 */
final class Tally {
    private final DataLoop loop;
    private final Downstream downstream;

    private @Nullable Decision decision;
    private @Nullable TargetPlan target;
    private @Nullable LoopEndpoint endpoint;

    private long startNanos;
    private long firstByteNanos;
    private long answerBytes;
    private int status;
    private int attempts;

    /** How many limits this exchange has passed while it waited for its answer. */
    private int overdueLimits;

    private boolean judged;

    Tally(DataLoop loop, Downstream downstream) {
        this.loop = loop;
        this.downstream = downstream;
    }

    /** A request begins. */
    void begin() {
        startNanos = loop.ticker().nanos();
        firstByteNanos = -1;
        answerBytes = 0;
        status = 0;
        attempts = 0;
        overdueLimits = 0;
        judged = false;
        loop.meter().add(LoopMeter.Count.EXCHANGES_ACTIVE, 1);
    }

    void onDecided(Decision made, TargetPlan chosen) {
        decision = made;
        target = chosen;
        cell(chosen).onStarted(weight());
        cell(chosen).onDecided(made.reason());
    }

    void onAttempt() {
        attempts++;
    }

    /** The attempt goes to this endpoint, or would have; null if it came to none. */
    void onAsked(@Nullable LoopEndpoint asked) {
        endpoint = asked;
    }

    void onRetried() {
        cell(Objects.requireNonNull(target)).onRetried();
    }

    /** The final answer begins; the endpoint's health takes note of it. */
    void onAnswer(int answerStatus, long attemptNanos) {
        onSwitch(answerStatus);
        Objects.requireNonNull(endpoint).onAnswer(answerStatus, firstByteNanos - attemptNanos, firstByteNanos);
    }

    /** The answer is one that changes the protocol. */
    void onSwitch(int answerStatus) {
        firstByteNanos = loop.ticker().nanos();
        status = answerStatus;
    }

    void onAnswerBody(int length) {
        answerBytes += length;
    }

    /** The client is told this by us. */
    void onOwnAnswer(int ownStatus) {
        status = ownStatus;
    }

    /** Counts a wait that goes on; called by the loop's tick while no answer has begun. */
    void onStillWaiting(long nowNanos) {
        TargetPlan asked = Objects.requireNonNull(target);
        int passed = asked.meter().overdueLimits().passed(nowNanos - startNanos);
        while (overdueLimits < passed) {
            cell(asked).onOverdue(overdueLimits++);
        }
    }

    /** The outcome of the first attempt is known: it is the one that counts for the variant and its endpoint. */
    void judge(Outcome outcome) {
        if (judged || outcome == Outcome.CLIENT_GONE || !isEvidence()) {
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

    /** Enters the exchange into the meters and, where there is one, into the log. */
    void record(RequestHead head, Snapshot snapshot, Outcome outcome, String flag) {
        long endNanos = loop.ticker().nanos();
        loop.meter().add(LoopMeter.Count.EXCHANGES_ACTIVE, -1);
        long firstByteMicros = firstByteNanos < 0 ? -1 : (firstByteNanos - startNanos) / 1000;
        long totalMicros = (endNanos - startNanos) / 1000;
        if (target != null) {
            judge(outcome);
            if (overdueLimits > 0 && (firstByteNanos >= 0 || outcome == Outcome.TIMEOUT)) {
                cell(target).onOverdueEnded(overdueLimits);
            }
            cell(target).onFinished(weight(), outcome, status, firstByteMicros, totalMicros);
        }
        if (!snapshot.accessLog().isOn()) {
            return;
        }
        AccessEntry entry = new AccessEntry(head, downstream, snapshot.generation(), decision, endpoint);
        if (!loop.accessLog()
                .offer(entry.toRecord(status, answerBytes, totalMicros, firstByteMicros, attempts, flag))) {
            loop.meter().increment(LoopMeter.Count.ACCESS_LOG_DROPPED);
        }
    }

    /** Forgets whom the exchange was counted for. */
    void letGo() {
        decision = null;
        target = null;
        endpoint = null;
    }

    /** Whether the exchange says something about its variant, which one that was sent there by force does not. */
    boolean isEvidence() {
        return weight() == VariantMeter.Weight.EVIDENCE;
    }

    /** Whether the exchange has gone to such a variant otherwise than by force. */
    boolean isOn(Vacated vacated) {
        Decision made = decision;
        return made != null
                && made.reason() != DecisionReason.FORCED
                && vacated.contains(made.route().name(), made.pool().name());
    }

    long startNanos() {
        return startNanos;
    }

    long elapsedNanos() {
        return loop.ticker().nanos() - startNanos;
    }

    /** The status the client was told; 0 while it has been told none. */
    int status() {
        return status;
    }

    int attempts() {
        return attempts;
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
}
