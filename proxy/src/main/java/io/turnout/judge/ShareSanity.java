package io.turnout.judge;

/**
 * Watches that the canary gets the share it was given: a wrong share makes every comparison by weight worthless.
 *
 * <p>A Beta(100 w, 100 (1 - w)) mixture against Binomial(n, w); anytime-valid. Weight changes begin a new product, the
 * evidence of earlier weights is kept. {@code docs/judge.md} section 7.
 *
 * <p>Confined to the thread that ticks its judge. Allocates only when built.
 */
final class ShareSanity {
    private static final double PSEUDO_REQUESTS = 100;

    /** From here on the share is not to be trusted. */
    static final double LOG_ALARM = Math.log(1000);

    private double weight = Double.NaN;
    private long canary;
    private long total;
    private double logEarlier;

    /** Requests routed to each arm while the canary's weight was {@code weight}. */
    void add(double weight, long canaryRequests, long stableRequests) {
        if (!(weight > 0 && weight < 1) || canaryRequests + stableRequests == 0) {
            return;
        }
        if (weight != this.weight) {
            logEarlier = logOdds();
            canary = 0;
            total = 0;
            this.weight = weight;
        }
        canary += canaryRequests;
        total += canaryRequests + stableRequests;
    }

    /** Natural logarithm of the odds against the share being right; 0 before any traffic. */
    double logOdds() {
        return total == 0 ? logEarlier : logEarlier + logOdds(canary, total, weight);
    }

    static double logOdds(long canary, long total, double weight) {
        return LogMath.logMixtureRatio(
                (double) canary, (double) total, weight, PSEUDO_REQUESTS * weight, PSEUDO_REQUESTS * (1 - weight));
    }
}
