package io.turnout.cli;

import io.turnout.judge.plan.PlanReport;
import io.turnout.judge.plan.PlanReport.Detection;
import io.turnout.judge.plan.PlanReport.StepForecast;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A forecast as programs get it. Where a figure is null the simulations gave none: it takes longer than the patience, or is
 * not seen at all. Immutable.
 *
 * @param seconds of a healthy rollout to the last step's end, median
 * @param falseReverts healthy rollouts, of {@code runs}, that were reverted all the same
 * @param falseRevertShare the same as a share
 * @param patienceSeconds what takes longer counts as never
 */
record PlanView(
        String route,
        double requestsPerSecond,
        double errorRate,
        int runs,
        long seed,
        double patienceSeconds,
        List<Step> steps,
        @Nullable Double seconds,
        int falseReverts,
        double falseRevertShare) {

    /**
     * One step.
     *
     * @param weight the canary's share, 0 to 1
     * @param seconds until a healthy canary may go on, median
     * @param smallestVisibleRatio of error rates that most simulated steps of this length reveal
     */
    record Step(
            double weight,
            @Nullable Double seconds,
            @Nullable Double smallestVisibleRatio,
            Finding twofold,
            Finding fivefold,
            Finding totalFailure) {
        private static Step of(StepForecast step) {
            return new Step(
                    step.weight(),
                    figure(step.medianSeconds()),
                    figure(step.smallestVisibleRatio()),
                    Finding.of(step.twofold()),
                    Finding.of(step.fivefold()),
                    Finding.of(step.totalFailure()));
        }
    }

    /**
     * How a regression is found.
     *
     * @param foundShare of the simulations, within the patience
     * @param seconds until the revert, median
     * @param failedRequests of the canary until then, median
     */
    record Finding(
            double foundShare,
            @Nullable Double seconds,
            @Nullable Double failedRequests) {
        private static Finding of(Detection detection) {
            return new Finding(
                    detection.foundShare(),
                    figure(detection.medianSeconds()),
                    figure(detection.medianFailedRequests()));
        }

        private String text() {
            if (seconds == null || failedRequests == null) {
                return "-";
            }
            return Printable.shortTime(seconds) + " / " + Math.round(failedRequests);
        }
    }

    static PlanView of(String route, TrafficOptions traffic, PlanWork work, PlanReport report) throws CommandFailure {
        return new PlanView(
                route,
                traffic.rate(),
                traffic.errorRate(),
                report.runs(),
                traffic.seed(),
                work.patienceSeconds(),
                report.steps().stream().map(Step::of).toList(),
                figure(report.medianSeconds()),
                report.falseReverts(),
                (double) report.falseReverts() / report.runs());
    }

    /** To a hundredth; null for never. */
    private static @Nullable Double figure(double value) {
        return Double.isFinite(value) ? Math.round(value * 100) / 100.0 : null;
    }

    /** The same for people. */
    String text() {
        Table table = new Table(1, "WEIGHT", "TIME", "SEES FROM", "2X: TIME / FAILED", "5X", "TOTAL FAILURE");
        for (Step step : steps) {
            table.row(
                    Printable.percent(step.weight()),
                    step.seconds() == null ? "never" : Printable.shortTime(step.seconds()),
                    step.smallestVisibleRatio() == null
                            ? "-"
                            : String.format(Locale.ROOT, "%.2fx", step.smallestVisibleRatio()),
                    step.twofold().text(),
                    step.fivefold().text(),
                    step.totalFailure().text());
        }
        String whole = seconds == null
                ? "never (too little traffic, or a limit that healthy answers breach)"
                : Printable.shortTime(seconds);
        return "route " + Printable.text(route) + " at " + number(requestsPerSecond) + " requests/s, stable failing "
                + Printable.percent(errorRate) + "\n\n" + table.text("")
                + "\nhealthy rollout to the end of these steps: " + whole
                + "\nfalse reverts: " + falseReverts + " of " + runs + " simulated healthy rollouts"
                + "\nmedians of " + runs + " simulations, seed " + seed + "; a dash or \"never\": not within "
                + Printable.shortTime(patienceSeconds) + "\n";
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
