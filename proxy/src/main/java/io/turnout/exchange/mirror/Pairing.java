package io.turnout.exchange.mirror;

import io.turnout.compare.Answers;
import io.turnout.compare.ComparisonRules;
import io.turnout.shadow.ComparisonJob;
import io.turnout.shadow.ComparisonSink;
import io.turnout.snapshot.MirrorPlan;
import io.turnout.telemetry.MirrorMeter;
import io.turnout.telemetry.MirrorUnpaired;
import org.jspecify.annotations.Nullable;

/**
 * Brings together the answers to one request, in whatever order they come, and hands them over when all are there.
 *
 * <p>Confined to its event loop.
 */
final class Pairing {
    private final MirrorPlan plan;
    private final ComparisonRules rules;
    private final MirrorMeter.Cell meter;
    private final ComparisonSink sink;
    private final String request;
    private final AnswerCapture primary;
    private final AnswerCapture shadow;
    private final @Nullable AnswerCapture control;
    private int awaited;
    private @Nullable MirrorUnpaired lost;

    Pairing(LoopMirror mirror, ComparisonRules rules, ComparisonSink sink, String request, boolean withControl) {
        this.plan = mirror.plan;
        this.rules = rules;
        this.meter = mirror.meter;
        this.sink = sink;
        this.request = request;
        primary = capture();
        shadow = capture();
        control = withControl ? capture() : null;
        awaited = withControl ? 3 : 2;
    }

    private AnswerCapture capture() {
        return new AnswerCapture(rules, plan.meter().budget(), plan.caps().totalBytes());
    }

    AnswerCapture primary() {
        return primary;
    }

    AnswerCapture shadow() {
        return shadow;
    }

    @Nullable
    AnswerCapture control() {
        return control;
    }

    /** One of the answers is there as a whole. */
    void onWhole(AnswerCapture capture) {
        if (capture.isCrowdedOut()) {
            onMissing(MirrorUnpaired.MEMORY);
            return;
        }
        awaited--;
        settle();
    }

    /** One of the answers will not come. */
    void onMissing(MirrorUnpaired reason) {
        if (lost == null) {
            lost = reason;
        }
        awaited--;
        settle();
    }

    private void settle() {
        if (awaited > 0) {
            return;
        }
        MirrorUnpaired reason = lost;
        if (reason == null && !handOver()) {
            reason = MirrorUnpaired.BEHIND;
        }
        if (reason != null) {
            meter.onUnpaired(reason);
            primary.release();
            shadow.release();
            if (control != null) {
                control.release();
            }
        }
    }

    private boolean handOver() {
        long held = (long) primary.held() + shadow.held() + (control == null ? 0 : control.held());
        Answers answers =
                new Answers(request, primary.taken(), shadow.taken(), control == null ? null : control.taken());
        return sink.offer(new ComparisonJob(
                plan.route(), plan.pool().name(), rules, answers, plan.meter().budget(), held));
    }
}
