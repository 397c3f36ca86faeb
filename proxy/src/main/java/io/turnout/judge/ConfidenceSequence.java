package io.turnout.judge;

/**
 * Bounds on a rate that hold at every moment at once, so that a page may show them live. Immutable.
 *
 * <p>All p that a Beta(1/2, 1/2) mixture of coins does not beat by 1/alpha (Robbins). {@code docs/judge.md} section 7.
 *
 * @param lower 0 to {@code upper}
 * @param upper up to 1
 */
public record ConfidenceSequence(double lower, double upper) {
    private static final double JEFFREYS = 0.5;
    private static final int MAX_BISECTIONS = 1200;

    public ConfidenceSequence {
        if (!(lower >= 0 && lower <= upper && upper <= 1)) {
            throw new IllegalArgumentException("bounds " + lower + " to " + upper + ", expected within 0 to 1");
        }
    }

    /** Bounds that are ever wrong with probability 5 % at most. */
    public static ConfidenceSequence of(long hits, long trials) {
        return of(hits, trials, 0.05);
    }

    /**
     * Bounds that are ever wrong with probability {@code alpha} at most.
     *
     * @param hits 0 to {@code trials}
     * @param alpha above 0, below 1
     */
    public static ConfidenceSequence of(long hits, long trials, double alpha) {
        if (hits < 0 || hits > trials || !(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException(hits + " of " + trials + " at alpha " + alpha);
        }
        if (trials == 0) {
            return new ConfidenceSequence(0, 1);
        }
        double logLimit = -Math.log(alpha);
        double rate = (double) hits / trials;
        double lower = hits == 0 ? 0 : edge((double) hits, (double) trials, logLimit, rate, 0);
        double upper = hits == trials ? 1 : edge((double) hits, (double) trials, logLimit, rate, 1);
        return new ConfidenceSequence(lower, upper);
    }

    /** Between a rate inside and a bound outside, to the last bit. */
    private static double edge(double hits, double trials, double logLimit, double inside, double outside) {
        double in = inside;
        double out = outside;
        for (int i = 0; i < MAX_BISECTIONS; i++) {
            double middle = (in + out) / 2;
            if (middle == in || middle == out) {
                break;
            }
            if (LogMath.logMixtureRatio(hits, trials, middle, JEFFREYS, JEFFREYS) < logLimit) {
                in = middle;
            } else {
                out = middle;
            }
        }
        return in;
    }
}
