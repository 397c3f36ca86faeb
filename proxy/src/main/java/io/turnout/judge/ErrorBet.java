package io.turnout.judge;

/**
 * The bet that the canary fails more often than tolerated relative to stable, robust against bursts.
 *
 * <p>Null hypothesis, at every instant: {@code p_c <= rho * p_s + delta}, with p_s unknown and free to move. Expert k
 * bets that the canary's rate is {@code rho * g_k} times stable's. A shared outage cancels, because only the split of
 * the errors between the arms matters. Errors of a host come in bursts; with dispersions above 1 the stakes are those
 * of negative binomial counts, with 1 the plain ones. {@code docs/judge.md} sections 1 and 2.
 *
 * <p>Confined to the thread that ticks its judge. Allocates only when built.
 */
final class ErrorBet {
    /** Below this stable factor an expert could lose all to a few stable errors; it sits out. */
    private static final double RUIN = 0.001;

    private final double rho;
    private final double delta;
    private final double[] ratios;
    private final Wealth wealth;

    private final double[] logCanaryError;
    private final double[] logStableError;
    private final double[] costPerRequest;
    private final double[] logFactors;
    private double stakedWeight = Double.NaN;
    private double stakedCanaryDispersion = Double.NaN;
    private double stakedStableDispersion = Double.NaN;

    /** What is tolerated: the canary may fail {@code rho} times as often as stable, plus {@code delta} (a share). */
    ErrorBet(double rho, double delta, Experts experts) {
        this.rho = rho;
        this.delta = delta;
        this.ratios = experts.values();
        this.wealth = experts.fund();
        logCanaryError = new double[ratios.length];
        logStableError = new double[ratios.length];
        costPerRequest = new double[ratios.length];
        logFactors = new double[ratios.length];
    }

    Wealth wealth() {
        return wealth;
    }

    /** Canary-to-stable error ratio on which the leading expert bets. */
    double bestRatio() {
        return rho * ratios[wealth.leader()];
    }

    /**
     * Settles one interval.
     *
     * @param weight canary share the requests were routed by; at or outside 0 and 1 nothing can be compared
     * @param requests answers of both arms
     * @param canaryDispersion variance over mean of the canary's error counts, at least 1, known before the interval
     * @param stableDispersion the same of stable
     */
    void settle(
            double weight,
            long requests,
            long canaryErrors,
            long stableErrors,
            double canaryDispersion,
            double stableDispersion) {
        if (!(weight > 0 && weight < 1) || (requests == 0 && canaryErrors == 0 && stableErrors == 0)) {
            return;
        }
        stake(weight, canaryDispersion, stableDispersion);
        for (int k = 0; k < ratios.length; k++) {
            logFactors[k] =
                    canaryErrors * logCanaryError[k] + stableErrors * logStableError[k] - requests * costPerRequest[k];
        }
        wealth.multiply(logFactors);
    }

    /** Log factor of each canary error, of each stable error, and log price of each request, by expert; for proofs. */
    double[][] stakes(double weight, double canaryDispersion, double stableDispersion) {
        stake(weight, canaryDispersion, stableDispersion);
        return new double[][] {logCanaryError.clone(), logStableError.clone(), costPerRequest.clone()};
    }

    private void stake(double weight, double canaryDispersion, double stableDispersion) {
        if (weight == stakedWeight
                && canaryDispersion == stakedCanaryDispersion
                && stableDispersion == stakedStableDispersion) {
            return;
        }
        for (int k = 0; k < ratios.length; k++) {
            stake(k, weight, canaryDispersion, stableDispersion);
        }
        stakedWeight = weight;
        stakedCanaryDispersion = canaryDispersion;
        stakedStableDispersion = stableDispersion;
    }

    private void stake(int k, double weight, double canaryDispersion, double stableDispersion) {
        double rest = 1 - weight;
        double plainStable = (rho * weight + rest) / (rho * ratios[k] * weight + rest);
        double plainCanary = ratios[k] * plainStable;

        double gamma = canaryDispersion - 1;
        double canary = plainCanary * canaryDispersion / (1 + plainCanary * gamma);
        double rise = gamma > 0 ? Math.log1p((plainCanary - 1) * gamma / canaryDispersion) / gamma : plainCanary - 1;

        double fall = rho * weight * rise / rest;
        double excess = stableDispersion - 1;
        double stable = 1 - (excess > 0 ? Math.expm1(fall * excess) / excess : fall);

        boolean sitsOut = !(stable > RUIN);
        logCanaryError[k] = sitsOut ? 0 : Math.log(canary);
        logStableError[k] = sitsOut ? 0 : Math.log(stable);
        costPerRequest[k] = sitsOut ? 0 : delta * weight * rise;
    }
}
