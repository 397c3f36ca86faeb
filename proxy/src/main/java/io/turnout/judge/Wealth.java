package io.turnout.judge;

import java.util.Arrays;

/**
 * Money spread over a fixed set of experts and a cash box, all of it as natural logarithms, starting at 1 in total.
 *
 * <p>As time passes a fixed share of the cash flows to the experts by their priors, so that an expert who lost
 * everything in a long healthy stretch can still afford to bet on a late regression. Moving money by fractions known
 * beforehand creates none, so a sum of supermartingales stays one.
 *
 * <p>Confined to the thread that ticks its judge. Allocates only when built.
 */
final class Wealth {
    private static final double LOG_ZERO = Double.NEGATIVE_INFINITY;

    /** Below this log ratio an addition changes no bit of a double. */
    private static final double NEGLIGIBLE = -38;

    private final double[] logPriors;
    private final double[] logHeld;
    private final double cashLifeSeconds;
    private double logCash;
    private double logTotal;
    private double logPeak;

    /** Time that passed since the cash last flowed; flows compose, so they are made up for at the next bet. */
    private double idleSeconds;

    /**
     * @param priors relative weights of the experts, each above 0; need not sum to 1
     * @param startCash share of the wealth kept back at the start, 0 (no cash, no late money) to below 1
     * @param cashLifeSeconds time in which the cash falls to 1/e, above 0
     */
    Wealth(double[] priors, double startCash, double cashLifeSeconds) {
        double sum = Arrays.stream(priors).sum();
        logPriors = Arrays.stream(priors).map(prior -> Math.log(prior / sum)).toArray();
        logHeld = new double[priors.length];
        this.cashLifeSeconds = cashLifeSeconds;
        double logInvested = Math.log1p(-startCash);
        for (int k = 0; k < logHeld.length; k++) {
            logHeld[k] = logInvested + logPriors[k];
        }
        logCash = startCash > 0 ? Math.log(startCash) : LOG_ZERO;
    }

    /** Lets time pass without a bet; the total does not change. */
    void pass(double seconds) {
        idleSeconds += seconds;
    }

    /** Multiplies each expert's money by its factor, given as a logarithm; the cash keeps its value. */
    void multiply(double[] logFactors) {
        letCashFlow();
        for (int k = 0; k < logHeld.length; k++) {
            logHeld[k] += logFactors[k];
        }
        logTotal = LogMath.logSumExp(logHeld, logCash);
        logPeak = Math.max(logPeak, logTotal);
    }

    /** Takes everything above the limit away in equal proportion, so that an old excess need not be lived down. */
    void capAt(double logLimit) {
        if (logTotal <= logLimit) {
            return;
        }
        double excess = logTotal - logLimit;
        for (int k = 0; k < logHeld.length; k++) {
            logHeld[k] -= excess;
        }
        logCash -= excess;
        logTotal = logLimit;
    }

    /** Natural logarithm of the total; exactly 0 until the first bet. */
    double logTotal() {
        return logTotal;
    }

    /** Largest total ever reached; its inverse is an anytime-valid p-value. */
    double logPeak() {
        return logPeak;
    }

    double logHeld(int expert) {
        letCashFlow();
        return logHeld[expert];
    }

    /** The expert who holds most: the alternative that fits best so far. */
    int leader() {
        letCashFlow();
        int best = 0;
        for (int k = 1; k < logHeld.length; k++) {
            if (logHeld[k] > logHeld[best]) {
                best = k;
            }
        }
        return best;
    }

    private void letCashFlow() {
        if (idleSeconds <= 0 || logCash == LOG_ZERO) {
            idleSeconds = 0;
            return;
        }
        double life = idleSeconds / cashLifeSeconds;
        double logFlow = logCash + Math.log(-Math.expm1(-life));
        for (int k = 0; k < logHeld.length; k++) {
            double in = logFlow + logPriors[k];
            double ratio = in - logHeld[k];
            if (ratio > NEGLIGIBLE) {
                logHeld[k] = ratio > 0 ? in + Math.log1p(Math.exp(-ratio)) : logHeld[k] + Math.log1p(Math.exp(ratio));
            }
        }
        logCash -= life;
        idleSeconds = 0;
    }
}
