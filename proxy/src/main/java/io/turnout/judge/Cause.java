package io.turnout.judge;

import java.time.Duration;

/** Why a canary is reverted. Immutable; the sentence for people is made by {@link VerdictText}. */
public sealed interface Cause {
    /**
     * The canary was shown to be worse than tolerated beside stable.
     *
     * @param metric the metric that holds most of the evidence
     * @param quantile for latency, the quantile that holds most; otherwise the median, without meaning
     * @param ratio error ratio (errors) or odds ratio of being slow (latency) that fits best
     */
    record Comparison(Metric metric, Quantile quantile, double ratio) implements Cause {}

    /** The canary alone was shown to fail more often than {@code limit} while no stable arm was there to compare. */
    record Absolute(double limit) implements Cause {}

    /** More errors within the window than the user accepts. */
    record ErrorRate(long errors, long requests, double limit, Duration window) implements Cause {}

    /** A quantile within the window above the user's limit; {@code micros} is what was seen. */
    record Latency(LatencyLimit limit, long micros, long answers, Duration window) implements Cause {}

    /** The first {@code requests} of the canary all failed while stable was fine. */
    record Catastrophe(long requests) implements Cause {}
}
