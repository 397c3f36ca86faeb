package io.turnout.judge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.judge.JudgePlan;
import io.turnout.judge.Seeds;
import io.turnout.judge.plan.Scenario.PlannedStep;
import io.turnout.judge.plan.Simulation.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * How soon known regressions are found: within 20 % of what the method promises, plus what the median of so few runs may
 * stray. {@code -Dturnout.medians=1000} runs enough to leave little to chance.
 */
class MediansTest {
    private static final int RUNS = Integer.getInteger("turnout.medians", 100);
    private static final double SLACK = 1.2 * (1 + 2 / Math.sqrt(RUNS));
    private static final LatencyShape SHAPE = LatencyShape.of(20_000, 3, 0);
    private static final ArmBehaviour STABLE = new ArmBehaviour(.01, SHAPE, 9);
    private static final ArmBehaviour CANARY = STABLE.withHosts(1);

    private record Case(String name, Scenario scenario, double maxRequests, double maxFailed, double maxSeconds) {}

    @TestFactory
    Stream<DynamicTest> findsRegressionsWithinTheirMedians() {
        var cases = new ArrayList<Case>();
        for (double weight : new double[] {.01, .05, .10}) {
            cases.add(at(weight, "errors 1 % to 5 %", CANARY.withErrorRate(.05), 252, 13));
            cases.add(at(weight, "total failure", CANARY.withErrorRate(1), 10, 10));
            cases.add(at(weight, "latency x2", CANARY.withLatency(LatencyShape.of(40_000, 3, 0)), 27, 99));
            cases.add(at(weight, "latency x1.5", CANARY.withLatency(LatencyShape.of(30_000, 3, 0)), 114, 99));
            cases.add(at(weight, "2 % slow mode", CANARY.withLatency(LatencyShape.of(20_000, 3, .02)), 930, 99));
        }
        var rare = new ArmBehaviour(.001, SHAPE, 9);
        cases.add(new Case(
                "errors 0.1 % to 0.5 % at 1000/s, weight 5 %",
                endless(1000, .05, rare, rare.withHosts(1).withErrorRate(.005)),
                Double.POSITIVE_INFINITY,
                Double.POSITIVE_INFINITY,
                90));
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.name, () -> check(c)));
    }

    @Test
    void findsALateRegressionWithinSeconds() {
        var step = new PlannedStep(.10, Double.POSITIVE_INFINITY);
        double change = 1800;
        Scenario scenario =
                Scenario.steady(1000, STABLE, CANARY, List.of(step)).withChange(change, CANARY.withErrorRate(.05));
        var seeds = new SplitMix(Seeds.seed());
        var endings = new ArrayList<Ending>();
        for (int run = 0; run < 15; run++) {
            endings.add(new Simulation(JudgePlan.DEFAULT, scenario, seeds.nextLong()).run());
        }
        assertThat(median(endings, Ending::seconds) - change)
                .as("seconds after the change, seed %d", Seeds.seed())
                .isBetween(1.0, 8.0);
    }

    private static Case at(double weight, String name, ArmBehaviour canary, double maxRequests, double maxFailed) {
        return new Case(
                name + " at weight " + weight,
                endless(100, weight, STABLE, canary),
                maxRequests,
                maxFailed,
                Double.POSITIVE_INFINITY);
    }

    private static Scenario endless(double rate, double weight, ArmBehaviour stable, ArmBehaviour canary) {
        var step = new PlannedStep(weight, Double.POSITIVE_INFINITY);
        return Scenario.steady(rate, stable, canary, List.of(step)).withStepLimit(6 * 3600);
    }

    private static void check(Case c) {
        long seed = Seeds.seed();
        var seeds = new SplitMix(seed);
        var endings = new ArrayList<Ending>();
        for (int run = 0; run < RUNS; run++) {
            endings.add(new Simulation(JudgePlan.DEFAULT, c.scenario, seeds.nextLong()).run());
        }
        double requests = median(endings, ending -> (double) ending.canaryRequests());
        double failed = median(endings, ending -> (double) ending.canaryErrors());
        double seconds = median(endings, Ending::seconds);
        System.out.printf(
                "%s: %.0f canary requests, %.0f failed, %.1f s (medians of %d)%n",
                c.name, requests, failed, seconds, RUNS);
        assertThat(endings).as("seed %d", seed).allMatch(Ending::reverted);
        assertThat(requests).as("canary requests, seed %d", seed).isLessThanOrEqualTo(SLACK * c.maxRequests);
        assertThat(failed).as("failed requests, seed %d", seed).isLessThanOrEqualTo(SLACK * c.maxFailed);
        assertThat(seconds).as("seconds, seed %d", seed).isLessThanOrEqualTo(SLACK * c.maxSeconds);
    }

    private static double median(List<Ending> endings, ToDoubleFunction<Ending> figure) {
        double[] sorted = endings.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
