package io.turnout.cli;

import io.turnout.judge.plan.Scenario.PlannedStep;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much is simulated for a forecast: chosen from what is asked and not from the clock, so that the same question has the
 * same answer on every machine. Immutable.
 */
record PlanWork(double patienceSeconds, int runs) {
    /** Of virtual requests and ticks, weighted by what they cost: some seconds of work. */
    private static final double BUDGET = 8e8;

    private static final double TICKS_PER_SECOND = 10;

    /** A look of the judge costs as much as so many simulated requests. */
    private static final double TICK_COST = 60;

    /** Whole searches per step and run: healthy, three detections, and about as much again for the smallest ratio. */
    private static final double SEARCHES = 5;

    private static final double HOUR = 3_600;
    private static final int FEWEST_RUNS = 5;
    private static final int MOST_RUNS = 100;

    static PlanWork of(double rate, List<PlannedStep> steps, @Nullable Double patienceSeconds, @Nullable Integer runs) {
        double perSecond = (rate + TICKS_PER_SECOND * TICK_COST) * steps.size() * SEARCHES;
        double longest =
                steps.stream().mapToDouble(PlannedStep::holdSeconds).max().orElse(0);
        double affordable = BUDGET / (perSecond * FEWEST_RUNS);
        double patience = patienceSeconds != null
                ? patienceSeconds
                : Math.max(1.1 * longest, Math.min(Math.max(HOUR, 2 * longest), affordable));
        int affordableRuns = (int) Math.min(MOST_RUNS, BUDGET / (perSecond * patience));
        return new PlanWork(patience, runs != null ? runs : Math.max(FEWEST_RUNS, affordableRuns));
    }
}
