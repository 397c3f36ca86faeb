package io.turnout.judge;

/** Sums and special functions in log space, with small absolute error where large terms cancel. Stateless. */
final class LogMath {
    private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

    /** From here on five terms of Stirling's series are exact to the last bit. */
    private static final double STIRLING_FROM = 15;

    private LogMath() {}

    /** ln(sum of e^terms + e^last); negative infinity stands for nothing. */
    static double logSumExp(double[] terms, double last) {
        double max = last;
        for (double term : terms) {
            max = Math.max(max, term);
        }
        if (max == Double.NEGATIVE_INFINITY) {
            return max;
        }
        double sum = Math.exp(last - max);
        for (double term : terms) {
            sum += Math.exp(term - max);
        }
        return max + Math.log(sum);
    }

    /** count * ln(factor), where no event costs nothing even if the factor is 0. */
    static double times(double count, double logFactor) {
        return count == 0 ? 0 : count * logFactor;
    }

    /** ln of the Beta function, both arguments above 0. */
    static double logBeta(double a, double b) {
        double s = a + b;
        return (a - 0.5) * Math.log(a / s) + b * Math.log(b / s) - 0.5 * Math.log(b) + betaRest(a, b);
    }

    /**
     * ln of how much better a Beta(a, b) mixture of coins explains {@code hits} of {@code trials} than one coin of
     * probability {@code p} does.
     *
     * <p>Algebraically ln B(hits + a, misses + b) - ln B(a, b) - hits ln p - misses ln(1 - p); written as a relative
     * entropy, because for a million trials the plain terms are 1e7 each and their difference is 1.
     *
     * @param p 0 to 1; 0 or 1 gives infinity when a trial contradicts it
     */
    static double logMixtureRatio(double hits, double trials, double p, double a, double b) {
        double misses = trials - hits;
        if ((hits > 0 && p <= 0) || (misses > 0 && p >= 1)) {
            return Double.POSITIVE_INFINITY;
        }
        double postA = hits + a;
        double postB = misses + b;
        double s = postA + postB;
        double logA = Math.log(postA / s);
        double logB = Math.log(postB / s);
        return entropyTerm(hits, postA, s, p)
                + entropyTerm(misses, postB, s, 1 - p)
                + (a - 0.5) * logA
                + b * logB
                - 0.5 * Math.log(postB)
                + betaRest(postA, postB)
                - logBeta(a, b);
    }

    /** count * ln((post / s) / p), by log1p as the ratio is near 1 when the data agree with p. */
    private static double entropyTerm(double count, double post, double s, double p) {
        return count == 0 ? 0 : count * Math.log1p((post - s * p) / (s * p));
    }

    private static double betaRest(double a, double b) {
        return HALF_LOG_TWO_PI + stirlingRest(a) + stirlingRest(b) - stirlingRest(a + b);
    }

    /** ln Gamma(x) - ((x - 1/2) ln x - x + ln sqrt(2 pi)) for x above 0. */
    private static double stirlingRest(double x) {
        double rest = 0;
        double y = x;
        while (y < STIRLING_FROM) {
            rest += (y + 0.5) * Math.log1p(1 / y) - 1;
            y += 1;
        }
        double r = 1 / (y * y);
        return rest + (1 / 12.0 - r * (1 / 360.0 - r * (1 / 1260.0 - r * (1 / 1680.0 - r / 1188.0)))) / y;
    }
}
