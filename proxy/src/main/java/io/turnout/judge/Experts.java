package io.turnout.judge;

import java.util.Arrays;

/**
 * A panel of experts: what each bets on, how much of the money each starts with, and how much is kept as cash.
 *
 * <p>Immutable.
 */
final class Experts {
    private static final double HALF = 0.5;
    private static final double HOUR = 3600;

    private final double[] values;
    private final double[] priors;
    private final double startCash;
    private final double cashLifeSeconds;

    /**
     * @param values the alternatives, in the unit of the bet that uses them
     * @param priors relative starting money, one per value, each above 0
     * @param startCash share kept back at the start (0 to below 1)
     * @param cashLifeSeconds time in which the cash falls to 1/e
     */
    Experts(double[] values, double[] priors, double startCash, double cashLifeSeconds) {
        if (values.length == 0 || values.length != priors.length) {
            throw new IllegalArgumentException(values.length + " experts with " + priors.length + " priors");
        }
        if (!(startCash >= 0 && startCash < 1) || !(cashLifeSeconds > 0)) {
            throw new IllegalArgumentException("cash " + startCash + " for " + cashLifeSeconds + " s");
        }
        if (Arrays.stream(priors).anyMatch(prior -> !(prior > 0))) {
            throw new IllegalArgumentException("priors " + Arrays.toString(priors) + ", expected above 0");
        }
        this.values = values.clone();
        this.priors = priors.clone();
        this.startCash = startCash;
        this.cashLifeSeconds = cashLifeSeconds;
    }

    /** Multiples of the tolerated error ratio. */
    static Experts errorRatios() {
        return halfCash(new double[] {1.25, 1.6, 2.2, 3.5, 6, 12, 40, 300}, new double[] {1, 1, 2, 2, 2, 2, 1, 1});
    }

    /** Odds ratios of being slow. */
    static Experts latencyOdds() {
        return even(new double[] {1.25, 1.6, 2.2, 3.5, 7, 20, 100});
    }

    /**
     * Error rates above the user's limit. Rates at or below it must not take part: they would win on a canary that never
     * fails. A limit near 1 leaves room for one expert only.
     */
    static Experts errorRatesAbove(double limit) {
        double[] rates = {.02, .04, .08, .16, .32, .64, .95};
        int first = 0;
        while (first < rates.length && rates[first] <= limit) {
            first++;
        }
        if (first == rates.length) {
            return even(new double[] {(1 + limit) / 2});
        }
        return even(Arrays.copyOfRange(rates, first, rates.length));
    }

    /** Factors below 1 by which a canary error shrinks the evidence that the canary is fine; no late money. */
    static Experts promotionStakes() {
        return new Experts(new double[] {0, .15, .3, .5, .7, .85}, new double[] {1, 1, 1, 1, 1, 1}, 0, HOUR);
    }

    /** A copy of the alternatives. */
    double[] values() {
        return values.clone();
    }

    /** The panel's money at the start. */
    Wealth fund() {
        return new Wealth(priors, startCash, cashLifeSeconds);
    }

    private static Experts even(double[] values) {
        double[] priors = new double[values.length];
        Arrays.fill(priors, 1);
        return halfCash(values, priors);
    }

    private static Experts halfCash(double[] values, double[] priors) {
        return new Experts(values, priors, HALF, HOUR);
    }
}
