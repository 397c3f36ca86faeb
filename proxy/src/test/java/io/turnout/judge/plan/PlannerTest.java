package io.turnout.judge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.judge.JudgePlan;
import io.turnout.judge.plan.PlanReport.StepForecast;
import io.turnout.judge.plan.Scenario.PlannedStep;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final ArmBehaviour STABLE = new ArmBehaviour(.01, LatencyShape.of(20_000, 3, 0), 9);
    private static final List<PlannedStep> STEPS = List.of(new PlannedStep(.05, 60), new PlannedStep(.5, 60));

    @Test
    void forecastsEachStepAndTheWholeRollout() {
        PlanReport report = plan(200);
        assertThat(report.steps()).extracting(StepForecast::weight).containsExactly(.05, .5);
        assertThat(report.medianSeconds()).isBetween(120.0, 600.0);
        assertThat(report.falseReverts()).isZero();
        StepForecast first = report.steps().get(0);
        assertThat(first.medianSeconds()).isBetween(60.0, 300.0);
        assertThat(first.smallestVisibleRatio()).isBetween(1.25, 6.0);
        assertThat(first.totalFailure().foundShare()).isEqualTo(1);
        assertThat(first.totalFailure().medianFailedRequests()).isLessThanOrEqualTo(10);
        assertThat(first.fivefold().medianSeconds()).isLessThan(first.twofold().medianSeconds());
    }

    @Test
    void sameSeedGivesTheSameReport() {
        assertThat(plan(20)).isEqualTo(plan(20));
    }

    @Test
    void trafficTooThinForItsStepsIsReportedAsNeverEnding() {
        var traffic = new Planner.Traffic(.05, STABLE, 1, 600);
        PlanReport report = new Planner(JudgePlan.DEFAULT, traffic, 5, 7).report(STEPS);
        assertThat(report.steps().get(0).medianSeconds()).isInfinite();
        assertThat(report.steps().get(0).smallestVisibleRatio()).isInfinite();
        assertThat(report.medianSeconds()).isInfinite();
    }

    private static PlanReport plan(double requestsPerSecond) {
        var traffic = new Planner.Traffic(requestsPerSecond, STABLE, 1, 1800);
        return new Planner(JudgePlan.DEFAULT, traffic, 9, 7).report(STEPS);
    }
}
