package io.turnout.judge;

import io.turnout.model.LatencyScale;

/**
 * Where stable's quantiles lay in the recent past, and from where on a canary answer counts as slow.
 *
 * <p>The histogram forgets with a time constant of 60 s, but never below 200 answers: at one request a second the past
 * reaches back further instead of being empty. Limits are computed from the past only, before a tick's answers are
 * added, and lie on bucket edges, so that counting above them is exact.
 *
 * <p>Confined to the thread that ticks its judge. Allocates only when built.
 */
final class LatencyQuantiles {
    private static final double MEMORY_SECONDS = 60;
    private static final double MIN_ANSWERS = 200;
    private static final double REFRESH_SECONDS = 1;

    /** Counts are kept multiplied by a growing scale instead of being decayed one by one; far below overflow. */
    private static final double MAX_SCALE = 1e100;

    /** A bucket may push the share above stable's limit this much over the nominal share before it is left out. */
    private static final double CLUMP = 1.25;

    private static final Quantile[] QUANTILES = Quantile.values();
    private static final double TOLERATED_RATIO = 1.1;
    private static final long TOLERATED_MICROS = 2_000;

    private final double[] scaled = new double[LatencyScale.BUCKETS];
    private final int[] stableBucket = new int[Quantile.COUNT];
    private final int[] canaryBucket = new int[Quantile.COUNT];
    private int lowest = LatencyScale.BUCKETS;
    private int highest = -1;
    private double scale = 1;
    private double scaledTotal;
    private double answersSeen;
    private double sinceRefresh;
    private boolean known;

    /** Whether enough of stable has been seen for limits to exist. */
    boolean known() {
        return known;
    }

    /** First bucket in which a stable answer counts as slow. */
    int stableBucket(Quantile quantile) {
        return stableBucket[quantile.index()];
    }

    /** First bucket in which a canary answer counts as slow; {@link LatencyScale#BUCKETS} - 1 at most. */
    int canaryBucket(Quantile quantile) {
        return canaryBucket[quantile.index()];
    }

    /** Lower edge of {@link #stableBucket} in microseconds. */
    long stableMicros(Quantile quantile) {
        return LatencyScale.lowerMicros(stableBucket(quantile));
    }

    /** Lower edge of {@link #canaryBucket} in microseconds. */
    long canaryMicros(Quantile quantile) {
        return LatencyScale.lowerMicros(canaryBucket(quantile));
    }

    /** How many more answers of stable it takes until limits exist. */
    long answersMissing() {
        return (long) Math.max(0, MIN_ANSWERS - answersSeen);
    }

    /** Adds a tick's answers of stable and lets the older ones fade by the tick's length. */
    void learn(LatencyCounts stable, double seconds) {
        fade(seconds);
        for (int i = 0; i < stable.distinct(); i++) {
            int bucket = stable.bucketAt(i);
            scaled[bucket] += stable.countAt(i) * scale;
            lowest = Math.min(lowest, bucket);
            highest = Math.max(highest, bucket);
        }
        scaledTotal += stable.total() * scale;
        answersSeen += stable.total();
        sinceRefresh += seconds;
        if (answersSeen >= MIN_ANSWERS && (!known || sinceRefresh >= REFRESH_SECONDS)) {
            refresh();
        }
    }

    private void fade(double seconds) {
        double total = scaledTotal / scale;
        if (seconds <= 0 || total <= MIN_ANSWERS) {
            return;
        }
        double keep = Math.max(Math.exp(-seconds / MEMORY_SECONDS), MIN_ANSWERS / total);
        scale /= keep;
        if (scale > MAX_SCALE) {
            for (int bucket = lowest; bucket <= highest; bucket++) {
                scaled[bucket] /= scale;
            }
            scaledTotal /= scale;
            scale = 1;
        }
    }

    private void refresh() {
        for (Quantile quantile : QUANTILES) {
            locate(quantile);
        }
        known = true;
        sinceRefresh = 0;
    }

    private void locate(Quantile quantile) {
        double nominal = (1 - quantile.level()) * scaledTotal;
        double above = 0;
        int bucket = highest;
        while (bucket > lowest && above + scaled[bucket] < nominal) {
            above += scaled[bucket];
            bucket--;
        }
        // Downwards to the bucket's edge, unless so many answers share the bucket that hardly any could exceed it.
        int edge = above + scaled[bucket] <= CLUMP * nominal ? bucket : bucket + 1;
        stableBucket[quantile.index()] = Math.min(edge, LatencyScale.BUCKETS - 1);
        canaryBucket[quantile.index()] = tolerantBucket(stableBucket[quantile.index()]);
    }

    /** First bucket that lies wholly above what is tolerated for a canary beside this limit of stable. */
    private static int tolerantBucket(int stableBucket) {
        long tau = LatencyScale.lowerMicros(stableBucket);
        long tolerated = Math.max((long) Math.ceil(tau * TOLERATED_RATIO), tau + TOLERATED_MICROS);
        int bucket = LatencyScale.bucketOf(tolerated);
        boolean onEdge = LatencyScale.lowerMicros(bucket) == tolerated;
        return Math.min(onEdge ? bucket : bucket + 1, LatencyScale.BUCKETS - 1);
    }
}
