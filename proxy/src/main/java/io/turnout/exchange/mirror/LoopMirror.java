package io.turnout.exchange.mirror;

import io.turnout.routing.SamplingCursor;
import io.turnout.snapshot.MirrorPlan;
import io.turnout.telemetry.MirrorMeter;

/**
 * One mirror, or its control leg, as one event loop knows it. Confined to its event loop; stays over reloads as long as
 * the mirror does.
 */
final class LoopMirror {
    final SamplingCursor cursor;
    final Breaker breaker = new Breaker();

    /** Changes when a snapshot is adopted. */
    MirrorPlan plan;

    MirrorMeter.Cell meter;

    LoopMirror(MirrorPlan plan, int loop) {
        this.plan = plan;
        this.meter = plan.meter().cell(loop);
        this.cursor = new SamplingCursor(plan.sampling(), loop, plan.meter().loops());
    }

    void adopt(MirrorPlan next, int loop) {
        plan = next;
        meter = next.meter().cell(loop);
        cursor.adopt(next.sampling());
    }
}
