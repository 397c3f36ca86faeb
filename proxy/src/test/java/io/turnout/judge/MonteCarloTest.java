package io.turnout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.judge.plan.ArmBehaviour;
import io.turnout.judge.plan.LatencyShape;
import io.turnout.judge.plan.Scenario;
import io.turnout.judge.plan.Scenario.PlannedStep;
import io.turnout.judge.plan.Simulation;
import io.turnout.judge.plan.SplitMix;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The promise by brute force: rollouts of canaries exactly as bad as tolerated. {@code -Dturnout.montecarlo=20000} runs
 * the full number; the usual run is short and allows for chance.
 */
class MonteCarloTest {
    private static final int RUNS = Integer.getInteger("turnout.montecarlo", 200);

    /** One-sided 99.9 % bound of a binomial with success probability 1 %, roughly. */
    private static final double ALLOWED = .01 * RUNS + 3.1 * Math.sqrt(.01 * RUNS);

    private static final List<PlannedStep> STEPS = List.of(
            new PlannedStep(.01, 100, Scenario.End.CLOCK),
            new PlannedStep(.10, 100, Scenario.End.CLOCK),
            new PlannedStep(.50, 100, Scenario.End.CLOCK));

    private static final LatencyShape SHAPE = LatencyShape.of(20_000, 3, 0);

    @TestFactory
    Stream<DynamicTest> revertsAtMostOnePercentOfCanariesThatAreJustTolerable() {
        return Stream.of(
                        hardest("error rate 0.1 %", .001),
                        hardest("error rate 1 %", .01),
                        hardest("error rate 5 %", .05),
                        hardest("error rate 30 %", .3),
                        bursty("host bursts, one canary host", 1),
                        bursty("host bursts, three canary hosts", 3))
                .map(c -> DynamicTest.dynamicTest(c.name, () -> check(c)));
    }

    private record Case(String name, Scenario scenario) {}

    /** As bad as tolerated in errors, and slower by the whole tolerance. */
    private static Case hardest(String name, double stableRate) {
        var stable = new ArmBehaviour(stableRate, SHAPE, 9);
        var canary = stable.withErrorRate(1.1 * stableRate + .0005).withLatency(LatencyShape.of(22_000, 3, 0));
        return new Case(name, Scenario.steady(200, stable, canary.withHosts(1), STEPS));
    }

    /** Every host fails half of its requests for 3 s now and then; stable was watched for five minutes before. */
    private static Case bursty(String name, int canaryHosts) {
        var bursts = new ArmBehaviour.Bursts(60, 3, .5);
        var stable = new ArmBehaviour(.002, SHAPE, 6, bursts);
        return new Case(
                name,
                Scenario.steady(200, stable, stable.withHosts(canaryHosts), STEPS)
                        .withStableBefore(300));
    }

    private static void check(Case c) {
        long seed = Seeds.seed();
        var seeds = new SplitMix(seed);
        int reverted = 0;
        for (int run = 0; run < RUNS; run++) {
            Simulation.Ending ending = new Simulation(JudgePlan.DEFAULT, c.scenario, seeds.nextLong()).run();
            reverted += ending.reverted() ? 1 : 0;
        }
        System.out.printf("%s: %d of %d canaries reverted%n", c.name, reverted, RUNS);
        assertThat((double) reverted)
                .as("%s: reverts among %d, seed %d", c.name, RUNS, seed)
                .isLessThanOrEqualTo(ALLOWED);
    }
}
