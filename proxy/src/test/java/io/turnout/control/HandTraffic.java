package io.turnout.control;

import io.turnout.model.Outcome;
import io.turnout.snapshot.PoolPlan;
import io.turnout.snapshot.TargetPlan;
import io.turnout.telemetry.EndpointMeter;
import io.turnout.telemetry.VariantMeter;
import io.turnout.telemetry.VariantMeter.Weight;
import java.time.Duration;

/** Traffic of route {@code shop} that a test counts by hand, as event loops would, and the guard's looks at it. */
final class HandTraffic {
    private static final Duration TICK = Duration.ofMillis(100);

    private final RunningControl running;

    HandTraffic(RunningControl running) {
        this.running = running;
    }

    /** Counts answers of the variant in the epoch in force, some of them failures. */
    HandTraffic serve(String pool, int requests, int failures) {
        return serve(pool, requests, failures, 2_000);
    }

    /** The same with answers that take so long. */
    HandTraffic serve(String pool, int requests, int failures, int micros) {
        VariantMeter.Cell cell = meter(pool).cell(0);
        EndpointMeter.Cell endpoint = endpoint(pool).cell(0);
        for (int i = 0; i < requests; i++) {
            boolean failed = i < failures;
            cell.onStarted(Weight.EVIDENCE);
            endpoint.onJudged(failed);
            if (failed) {
                cell.onCharged();
            }
            cell.onFinished(
                    Weight.EVIDENCE,
                    failed ? Outcome.SERVER_ERROR : Outcome.SUCCESS,
                    failed ? 500 : 200,
                    micros,
                    micros + 500);
        }
        return this;
    }

    /** Lets time pass until the guard, and the rollout after it, have seen all that was served. */
    void look() {
        look(TICK);
    }

    void look(Duration time) {
        running.time.pass(time);
        looked();
        running.time.pass(TICK);
        looked();
    }

    /** Two commands in a row: the routines have run between them. */
    private void looked() {
        for (int i = 0; i < 2; i++) {
            running.apply(new Command.ClearOverride("blog", RunningControl.ANN));
        }
    }

    private VariantMeter meter(String pool) {
        return running.control.published().current().routes().stream()
                .filter(route -> route.name().equals("shop"))
                .flatMap(route -> route.targets().stream())
                .filter(target -> target.pool().name().equals(pool))
                .map(TargetPlan::meter)
                .findFirst()
                .orElseThrow();
    }

    private EndpointMeter endpoint(String pool) {
        return running.control.published().current().pools().stream()
                .filter(plan -> plan.name().equals(pool))
                .map(PoolPlan::endpoints)
                .findFirst()
                .orElseThrow()
                .get(0)
                .meter();
    }
}
