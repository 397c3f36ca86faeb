package io.turnout.adminapi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one variant on trial. Odds are so many to one, cut at {@link #MOST}.
 *
 * @param pool the variant
 * @param against the variant it is compared with
 * @param state as in {@link GuardStatus}
 * @param text why, or what is missing
 * @param share of the two variants' traffic, 0 to 1
 * @param seconds since it got traffic in this trial
 * @param odds against it being as good as tolerated
 * @param oddsLimit where it is reverted
 * @param anytimeP largest probability of ever seeing so much evidence against a variant that is as good as tolerated
 * @param errors of the variant in this trial
 * @param errorsAgainst of the other in the same time
 * @param toleratedRatio how many times the other's error rate is tolerated, plus
 * @param toleratedExcess this share of the requests
 * @param metrics what is compared; empty when nothing is
 * @param latency limits by quantile; empty while they are not known
 * @param dispersion how much more the other's endpoints vary than independent requests would, 1 or more
 * @param endpointsAgainst how many endpoints the other has
 * @param details the evidence in words, two lines or three
 */
public record VariantEvidence(
        String pool,
        String against,
        String state,
        String text,
        double share,
        double seconds,
        double odds,
        double oddsLimit,
        double anytimeP,
        Rate errors,
        Rate errorsAgainst,
        double toleratedRatio,
        double toleratedExcess,
        List<Metric> metrics,
        List<LatencyLimit> latency,
        double dispersion,
        int endpointsAgainst,
        String details) {
    /** Larger odds are not told apart. */
    public static final double MOST = 1e12;

    public VariantEvidence {
        metrics = List.copyOf(metrics);
        latency = List.copyOf(latency);
    }

    /**
     * Hits among trials.
     *
     * @param rate hits over trials, 0 without trials
     * @param lower and
     * @param upper bounds of the true rate, 95 %, at all times at once
     */
    public record Rate(long hits, long trials, double rate, double lower, double upper) {}

    /**
     * One thing that is compared.
     *
     * @param odds what it is worth by itself
     * @param quantile for latency, the quantile that holds most; else null
     * @param ratio what fits best so far: of error rates, or of the odds of being slow
     */
    public record Metric(String name, double odds, @Nullable String quantile, double ratio) {}

    /**
     * Where latency counts as slow.
     *
     * @param againstMillis the quantile of the other variant
     * @param slowFromMillis from here on an answer of the variant is slow
     */
    public record LatencyLimit(String quantile, double againstMillis, double slowFromMillis) {}
}
