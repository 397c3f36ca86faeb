package io.turnout.bench.guard;

import java.util.SplittableRandom;

/**
 * How a service answers. Immutable.
 *
 * @param errorShare share of answers with status 503, 0 to 1
 * @param slowness factor on the time an answer takes, at least 1
 * @param stallShare share of answers that take {@link #STALL_MILLIS} longer, 0 to 1
 */
record Manner(double errorShare, double slowness, double stallShare) {
    /** What a stalled answer takes longer. */
    static final long STALL_MILLIS = 250;

    private static final double SHORTEST_MILLIS = 5;
    private static final double MEAN_MORE_MILLIS = 3;

    Manner {
        if (!(errorShare >= 0 && errorShare <= 1 && slowness >= 1 && stallShare >= 0 && stallShare <= 1)) {
            throw new IllegalArgumentException(
                    "found errors " + errorShare + ", slowness " + slowness + ", stalls " + stallShare);
        }
    }

    /** As good as this service gets: some errors, no slowness. */
    static Manner healthy(double errorShare) {
        return new Manner(errorShare, 1, 0);
    }

    Manner withErrors(double share) {
        return new Manner(share, slowness, stallShare);
    }

    Manner slowedBy(double factor) {
        return new Manner(errorShare, factor, stallShare);
    }

    Manner stallingIn(double share) {
        return new Manner(errorShare, slowness, share);
    }

    boolean drawError(SplittableRandom random) {
        return random.nextDouble() < errorShare;
    }

    /** Milliseconds until the answer: 5 at least, 3 more on average with an exponential tail, all by the slowness. */
    double drawMillis(SplittableRandom random) {
        double millis = slowness * (SHORTEST_MILLIS - MEAN_MORE_MILLIS * Math.log1p(-random.nextDouble()));
        return random.nextDouble() < stallShare ? millis + STALL_MILLIS : millis;
    }
}
