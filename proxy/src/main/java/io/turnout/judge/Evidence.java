package io.turnout.judge;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything the judge knows at one moment, for people, API and console. Immutable.
 *
 * <p>Logarithms are natural. A wealth is the odds against the canary being as good as tolerated: 327 means 327:1.
 *
 * @param weight canary share in force, 0 to 1
 * @param elapsedNanos time since the canary first had traffic in this trial
 * @param logWealth all metrics together
 * @param logPeak its largest value so far; 1 / e^logPeak is an anytime-valid p-value
 * @param logLimit where the canary is reverted
 * @param falseAlarmBudget probability of ever reaching the limit with a canary as good as tolerated, at most
 * @param toleratedRatio how many times stable's error rate is tolerated,
 * @param toleratedExcess plus this share of the requests
 * @param canary errors of the canary in this trial
 * @param stable errors of stable in the same time
 * @param metrics each compared metric; empty when nothing is compared
 * @param quantiles where stable's latency lies and from where the canary counts as slow; empty when not known
 * @param dispersion how much more stable's endpoints vary than independent requests would, 1 or more
 * @param stableHosts number of stable's endpoints
 * @param incidentLogOdds odds that each arm exceeds the error limit by itself: canary, then stable
 * @param shareLogOdds odds against the canary's share of the requests being right
 */
public record Evidence(
        double weight,
        long elapsedNanos,
        double logWealth,
        double logPeak,
        double logLimit,
        double falseAlarmBudget,
        double toleratedRatio,
        double toleratedExcess,
        Rate canary,
        Rate stable,
        List<MetricEvidence> metrics,
        List<QuantileLimits> quantiles,
        double dispersion,
        int stableHosts,
        List<Double> incidentLogOdds,
        double shareLogOdds) {

    public Evidence {
        metrics = List.copyOf(metrics);
        quantiles = List.copyOf(quantiles);
        incidentLogOdds = List.copyOf(incidentLogOdds);
    }

    /** Hits among trials, with 95 % bounds that hold at all times. */
    public record Rate(long hits, long trials, ConfidenceSequence bounds) {
        static Rate of(long hits, long trials) {
            return new Rate(hits, trials, ConfidenceSequence.of(hits, trials));
        }

        /** Hits over trials; 0 without trials. */
        public double share() {
            return trials == 0 ? 0 : (double) hits / trials;
        }
    }

    /**
     * One metric's part.
     *
     * @param label its name; the third metric's is the plan's
     * @param logWealth what this metric is worth by itself
     * @param part share of the money it started with, 0 to 1
     * @param quantile for latency, the quantile that holds most
     * @param ratio error ratio or odds ratio of being slow that fits best so far
     */
    public record MetricEvidence(
            Metric metric,
            String label,
            double logWealth,
            double part,
            @Nullable Quantile quantile,
            double ratio) {}

    /**
     * Limits of one quantile in microseconds.
     *
     * @param stableMicros stable's quantile, rounded down to a bucket's edge
     * @param canaryMicros from here on a canary answer counts as slow
     */
    public record QuantileLimits(Quantile quantile, long stableMicros, long canaryMicros) {}

    /** Whether the odds against the canary's share being right are 1000:1 or more. */
    public boolean doubtsShare() {
        return shareLogOdds >= ShareSanity.LOG_ALARM;
    }

    /** The odds against the canary, as so many to one. */
    public double odds() {
        return Math.exp(logWealth);
    }

    /** Anytime-valid p-value of the canary being as good as tolerated. */
    public double anytimeP() {
        return Math.min(1, Math.exp(-logPeak));
    }
}
