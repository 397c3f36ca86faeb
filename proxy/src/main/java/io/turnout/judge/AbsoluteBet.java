package io.turnout.judge;

/**
 * The bet that one arm by itself fails more often than a limit set by the user. {@code docs/judge.md} section 4.
 *
 * <p>Two of them, one per arm, tell a bad canary from an outage that both arms share. The wealth is capped well above
 * the threshold: an incident that lasted an hour is over a few hundred good answers after its end, not an hour later.
 *
 * <p>Confined to the thread that ticks its judge. Allocates only when built.
 */
final class AbsoluteBet {
    private final double[] logError;
    private final double[] logSuccess;
    private final double[] logFactors;
    private final Wealth wealth;
    private final double logCap;

    /**
     * @param limit error share that is still accepted, above 0 and below 1
     * @param experts error shares to bet on
     * @param logCap natural logarithm of the most this bet may be worth; infinity for none
     */
    AbsoluteBet(double limit, Experts experts, double logCap) {
        double[] rates = experts.values();
        wealth = experts.fund();
        logError = new double[rates.length];
        logSuccess = new double[rates.length];
        logFactors = new double[rates.length];
        this.logCap = logCap;
        for (int k = 0; k < rates.length; k++) {
            logError[k] = Math.log(rates[k] / limit);
            logSuccess[k] = Math.log1p(-rates[k]) - Math.log1p(-limit);
        }
    }

    Wealth wealth() {
        return wealth;
    }

    /** Settles one interval of this arm. */
    void settle(long requests, long errors) {
        if (requests == 0) {
            return;
        }
        long successes = requests - errors;
        for (int k = 0; k < logFactors.length; k++) {
            logFactors[k] = errors * logError[k] + successes * logSuccess[k];
        }
        wealth.multiply(logFactors);
        wealth.capAt(logCap);
    }
}
