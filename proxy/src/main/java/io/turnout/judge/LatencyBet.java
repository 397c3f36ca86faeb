package io.turnout.judge;

/**
 * The bet that more of the canary's answers than of stable's are slow, at one quantile of stable's past.
 *
 * <p>Null hypothesis, at every instant: a canary answer exceeds its (tolerant) limit no more often than a stable answer
 * exceeds stable's own quantile. Expert k bets on an odds ratio between the two. {@code docs/judge.md} section 3.
 *
 * <p>Confined to the thread that ticks its judge. Allocates only when built.
 */
final class LatencyBet {
    private final double[] oddsRatios;
    private final Wealth wealth;
    private final double stableRate;
    private final double logStableRate;
    private final double logStableRest;
    private final double[] canaryRate;
    private final double[] logCanaryRate;
    private final double[] logCanaryRest;
    private final double[] logFactors;

    /** @param quantile of stable's past, above 0 and below 1 */
    LatencyBet(double quantile, Experts experts) {
        oddsRatios = experts.values();
        wealth = experts.fund();
        stableRate = 1 - quantile;
        logStableRate = Math.log(stableRate);
        logStableRest = Math.log(quantile);
        canaryRate = new double[oddsRatios.length];
        logCanaryRate = new double[oddsRatios.length];
        logCanaryRest = new double[oddsRatios.length];
        logFactors = new double[oddsRatios.length];
        for (int k = 0; k < oddsRatios.length; k++) {
            double odds = oddsRatios[k] * stableRate / quantile;
            canaryRate[k] = odds / (1 + odds);
            logCanaryRate[k] = Math.log(canaryRate[k]);
            logCanaryRest[k] = -Math.log1p(odds);
        }
    }

    Wealth wealth() {
        return wealth;
    }

    /** Odds ratio on which the leading expert bets. */
    double bestOddsRatio() {
        return oddsRatios[wealth.leader()];
    }

    /**
     * Settles one block of answers.
     *
     * @param weight the canary's share of the answers counted here; at or outside 0 and 1 nothing can be compared
     * @param canary canary answers, {@code canarySlow} of them above the canary's limit
     * @param stable stable answers, {@code stableSlow} of them above stable's quantile
     */
    void settle(double weight, long canary, long canarySlow, long stable, long stableSlow) {
        if (!(weight > 0 && weight < 1) || canary + stable == 0) {
            return;
        }
        long canaryFast = canary - canarySlow;
        long stableFast = stable - stableSlow;
        long slow = canarySlow + stableSlow;
        long fast = canaryFast + stableFast;
        for (int k = 0; k < oddsRatios.length; k++) {
            double mixed = weight * canaryRate[k] + (1 - weight) * stableRate;
            logFactors[k] = canarySlow * logCanaryRate[k]
                    + canaryFast * logCanaryRest[k]
                    + stableSlow * logStableRate
                    + stableFast * logStableRest
                    - slow * Math.log(mixed)
                    - fast * Math.log1p(-mixed);
        }
        wealth.multiply(logFactors);
    }
}
