package io.turnout.judge.plan;

import java.util.List;

/**
 * A rollout and the traffic it meets. Immutable.
 *
 * @param requestsPerSecond of both arms together, above 0
 * @param stable how stable behaves all the time
 * @param canary how the canary behaves at first
 * @param canaryLater how it behaves from {@code changeAtSeconds} on
 * @param changeAtSeconds after the start of the first step; infinity for never
 * @param steps in order, at least one
 * @param stableBeforeSeconds how long stable is watched alone before the first step, 0 or more
 * @param tickSeconds how often the judge looks, above 0
 * @param stepLimitSeconds a step that has not ended by then ends the run
 */
public record Scenario(
        double requestsPerSecond,
        ArmBehaviour stable,
        ArmBehaviour canary,
        ArmBehaviour canaryLater,
        double changeAtSeconds,
        List<PlannedStep> steps,
        double stableBeforeSeconds,
        double tickSeconds,
        double stepLimitSeconds) {

    /**
     * One step of a rollout.
     *
     * @param weight canary share, above 0 and up to 1
     * @param holdSeconds least time to stay, 0 or more
     * @param end what ends the step
     */
    public record PlannedStep(double weight, double holdSeconds, End end) {
        public PlannedStep {
            if (!(weight > 0 && weight <= 1) || !(holdSeconds >= 0)) {
                throw new IllegalArgumentException("step of weight " + weight + " for " + holdSeconds + " s");
            }
        }

        /** A step that ends when the hold is over and the canary has been shown to be fine. */
        public PlannedStep(double weight, double holdSeconds) {
            this(weight, holdSeconds, End.EVIDENCE);
        }
    }

    /** What ends a step. */
    public enum End {
        /** The canary has been shown to be fine and the hold is over. */
        EVIDENCE,
        /** The hold is over: an operator who goes on whatever the evidence says. */
        CLOCK
    }

    private static final double TICK = 0.1;
    private static final double HOUR = 3600;

    /** Enough for stable's quantiles to settle before the canary gets traffic; at thin rates it gets an hour. */
    private static final double STABLE_ANSWERS_BEFORE = 2000;

    public Scenario {
        if (!(requestsPerSecond > 0) || !(tickSeconds > 0) || steps.isEmpty()) {
            throw new IllegalArgumentException(
                    requestsPerSecond + " requests/s, tick " + tickSeconds + " s, " + steps.size() + " steps");
        }
        steps = List.copyOf(steps);
    }

    /** A rollout in which the canary behaves the same all the time; a step is given an hour. */
    public static Scenario steady(
            double requestsPerSecond, ArmBehaviour stable, ArmBehaviour canary, List<PlannedStep> steps) {
        return new Scenario(
                requestsPerSecond,
                stable,
                canary,
                canary,
                Double.POSITIVE_INFINITY,
                steps,
                Math.min(STABLE_ANSWERS_BEFORE / requestsPerSecond, HOUR),
                TICK,
                HOUR);
    }

    public Scenario withStepLimit(double seconds) {
        return new Scenario(
                requestsPerSecond,
                stable,
                canary,
                canaryLater,
                changeAtSeconds,
                steps,
                stableBeforeSeconds,
                tickSeconds,
                seconds);
    }

    public Scenario withChange(double atSeconds, ArmBehaviour later) {
        return new Scenario(
                requestsPerSecond,
                stable,
                canary,
                later,
                atSeconds,
                steps,
                stableBeforeSeconds,
                tickSeconds,
                stepLimitSeconds);
    }

    public Scenario withStableBefore(double seconds) {
        return new Scenario(
                requestsPerSecond,
                stable,
                canary,
                canaryLater,
                changeAtSeconds,
                steps,
                seconds,
                tickSeconds,
                stepLimitSeconds);
    }
}
