package io.turnout.judge.plan;

import java.util.List;

/**
 * What a rollout can be expected to do at a given rate, from simulations. Immutable.
 *
 * @param steps one forecast per step
 * @param runs simulations behind each figure
 * @param medianSeconds of a whole healthy rollout; infinity when most do not end within the patience
 * @param falseReverts healthy rollouts, of {@code runs}, that were reverted all the same
 */
public record PlanReport(List<StepForecast> steps, int runs, double medianSeconds, int falseReverts) {
    public PlanReport {
        steps = List.copyOf(steps);
    }

    /**
     * One step.
     *
     * @param weight canary share
     * @param medianSeconds until a healthy canary is shown to be fine and the hold is over; infinity when most never are
     * @param smallestVisibleRatio error ratio to stable that most simulated steps of this length reveal; infinity when
     *     not even the total failure of the canary is
     * @param twofold a canary failing twice as often as stable
     * @param fivefold five times as often
     * @param totalFailure always
     */
    public record StepForecast(
            double weight,
            double medianSeconds,
            double smallestVisibleRatio,
            Detection twofold,
            Detection fivefold,
            Detection totalFailure) {}

    /**
     * How a regression that is there from the step's beginning on is found.
     *
     * @param foundShare part of the simulations that reverted within the patience
     * @param medianSeconds until the revert; infinity when fewer than half reverted
     * @param medianFailedRequests failed canary requests until then; infinity likewise
     */
    public record Detection(double foundShare, double medianSeconds, double medianFailedRequests) {}
}
