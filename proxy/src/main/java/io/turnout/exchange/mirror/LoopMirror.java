package io.turnout.exchange.mirror;

import io.turnout.routing.SamplingCursor;
import io.turnout.snapshot.MirrorPlan;
import io.turnout.telemetry.MirrorMeter;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One mirror, or its control leg, as one event loop knows it. Confined to its event loop; stays over reloads as long as
 * the mirror does.
 */
final class LoopMirror {
    private static final int KEPT = 256;

    final SamplingCursor cursor;
    final Breaker breaker = new Breaker();
    private final ArrayDeque<Copy> resting = new ArrayDeque<>();

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

    /** A copy that rests, or null when all there are are under way. */
    @Nullable
    Copy pollResting() {
        return resting.pollLast();
    }

    /** Keeps a copy for the next request; answers whether there was room. */
    boolean takeBack(Copy copy) {
        return resting.size() < KEPT && resting.add(copy);
    }
}
