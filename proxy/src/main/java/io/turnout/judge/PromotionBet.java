package io.turnout.judge;

/**
 * The opposite bet: that the canary is fine. Its null hypothesis is a bad canary, {@code p_c >= rho * p_s + delta}, so
 * that silence is not consent: without evidence nothing is promoted. {@code docs/judge.md} section 6.
 *
 * <p>One process per step of a rollout. Confined to the thread that ticks its judge. Allocates only when built, or when
 * asked for a forecast.
 */
final class PromotionBet {
    /** Canary requests nobody will wait for. */
    private static final double BEYOND_PATIENCE = 1e9;

    private final double rho;
    private final double delta;
    private final double[] stakes;
    private final double[] logFactors;
    private final Wealth wealth;

    /** Requests settled so far by arm, as weights gave them. */
    private double canary;

    private double stable;
    private long canaryHits;
    private long stableHits;

    /**
     * @param rho the canary must be shown better than {@code rho} times stable's rate plus {@code delta}
     * @param delta a share, above 0
     */
    PromotionBet(double rho, double delta, Experts experts) {
        this.rho = rho;
        this.delta = delta;
        stakes = experts.values();
        wealth = experts.fund();
        logFactors = new double[stakes.length];
    }

    Wealth wealth() {
        return wealth;
    }

    /**
     * Settles one interval.
     *
     * @param weight the canary's share of the requests; at or outside 0 and 1 nothing can be compared
     * @param requests of both arms
     * @param canaryHits canary requests that failed, or were slow
     * @param stableHits the same of stable
     */
    void settle(double weight, long requests, long canaryHits, long stableHits) {
        if (!(weight > 0 && weight < 1) || (requests == 0 && canaryHits == 0 && stableHits == 0)) {
            return;
        }
        for (int k = 0; k < stakes.length; k++) {
            logFactors[k] = logFactor(k, weight, (double) requests, (double) canaryHits, (double) stableHits);
        }
        wealth.multiply(logFactors);
        canary += weight * requests;
        stable += (1 - weight) * requests;
        this.canaryHits += canaryHits;
        this.stableHits += stableHits;
    }

    private double logFactor(int k, double weight, double requests, double canaryHits, double stableHits) {
        double fall = 1 - stakes[k];
        return LogMath.times(canaryHits, Math.log(stakes[k]))
                + LogMath.times(stableHits, Math.log1p(rho * weight * fall / (1 - weight)))
                + delta * weight * requests * fall;
    }

    /**
     * How many more canary requests it takes to be worth the limit, if both arms go on as they did in this step.
     *
     * @param weight the canary's share from now on
     * @return 0 when it is worth that already, infinity when at these rates it never will be
     */
    double canaryRequestsUntil(double logLimit, double weight) {
        if (wealth.logTotal() >= logLimit) {
            return 0;
        }
        double tooFew = 0;
        double enough = 1;
        while (logWealthAfter(enough, weight) < logLimit) {
            tooFew = enough;
            enough *= 2;
            if (!(weight > 0 && weight < 1) || enough > BEYOND_PATIENCE) {
                return Double.POSITIVE_INFINITY;
            }
        }
        while (enough - tooFew > 0.5) {
            double middle = (tooFew + enough) / 2;
            if (logWealthAfter(middle, weight) < logLimit) {
                tooFew = middle;
            } else {
                enough = middle;
            }
        }
        return Math.ceil(enough);
    }

    private double logWealthAfter(double moreOfCanary, double weight) {
        double requests = moreOfCanary / weight;
        double moreCanaryHits = canary == 0 ? 0 : moreOfCanary * canaryHits / canary;
        double moreStableHits = stable == 0 ? 0 : requests * (1 - weight) * stableHits / stable;
        double[] held = new double[stakes.length];
        for (int k = 0; k < stakes.length; k++) {
            held[k] = wealth.logHeld(k) + logFactor(k, weight, requests, moreCanaryHits, moreStableHits);
        }
        return LogMath.logSumExp(held, Double.NEGATIVE_INFINITY);
    }
}
