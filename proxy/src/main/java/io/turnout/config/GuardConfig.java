package io.turnout.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * By what the variants of a route are judged, and reverted.
 *
 * @param stable the trusted variant, one of the split
 * @param errorRateMaxPpm highest share of failed requests in parts per million, or null for no such threshold
 * @param latency highest latencies; may be all null
 * @param window over which thresholds look back
 * @param minRequests of a variant within the window before a threshold speaks
 * @param consecutive looks in a row that must breach
 * @param compare the sequential comparison with stable, or null for none
 * @param differences highest share of a shadow's answers that differ, or null for no such threshold
 * @param catastrophe whether a variant whose first several requests all fail is reverted without waiting for more
 * @param watch how long after a switch the old side is kept to go back to by itself
 */
public record GuardConfig(
        String stable,
        @Nullable Integer errorRateMaxPpm,
        LatencyLimits latency,
        Duration window,
        int minRequests,
        int consecutive,
        @Nullable Comparison compare,
        @Nullable Differences differences,
        boolean catastrophe,
        Duration watch) {
    public GuardConfig {
        Require.text("guard.stable", stable);
        if (errorRateMaxPpm != null) {
            Require.ppm("guard.errorRate.max", errorRateMaxPpm);
        }
        Require.positive("guard.window", window);
        Require.atLeast("guard.minRequests", minRequests, 1);
        Require.atLeast("guard.consecutive", consecutive, 1);
        Require.notNegative("guard.watch", watch);
    }

    /** Highest latency by quantile, of successful answers; null where there is no limit. */
    public record LatencyLimits(
            @Nullable Duration p50,
            @Nullable Duration p90,
            @Nullable Duration p99,
            @Nullable Duration p999) {
        /** Whether no quantile is limited. */
        public boolean isEmpty() {
            return p50 == null && p90 == null && p99 == null && p999 == null;
        }
    }

    /**
     * How different the answers of a shadow may be that runs what a variant runs.
     *
     * @param pool of one of the route's mirrors, whose answers are compared
     * @param variant the one that loses its traffic
     * @param maxPpm share of the compared answers that may differ beyond the noise, in parts per million
     * @param minCompared answers in a row that are judged together
     */
    public record Differences(String pool, String variant, int maxPpm, int minCompared) {
        public Differences {
            Require.text("guard.differences.pool", pool);
            Require.text("guard.differences.variant", variant);
            Require.ppm("guard.differences.max", maxPpm);
            Require.atLeast("guard.differences.minCompared", minCompared, 1);
        }
    }

    /**
     * What the comparison tolerates: a canary is as good as stable while {@code p_c <= rho * p_s + delta}.
     *
     * @param rho tolerated ratio of error rates, at least 1
     * @param deltaPpm tolerated difference of error rates in parts per million
     * @param dispersion how bursty errors are taken to be when stable has one endpoint only, at least 1
     */
    public record Comparison(double rho, int deltaPpm, double dispersion) {
        public Comparison {
            Require.ratio("guard.compare.rho", rho, 1);
            Require.ppm("guard.compare.delta", deltaPpm);
            Require.ratio("guard.compare.dispersion", dispersion, 1);
        }
    }
}
