package io.turnout.judge.plan;

import io.turnout.model.LatencyScale;

/**
 * How long answers take: log-logistic, as real ones are skewed with a heavy tail, with a part that is thirty times slower.
 * Immutable.
 */
public final class LatencyShape {
    private static final int RESOLUTION = 1 << 16;
    private static final double SLOW_FACTOR = 30;

    /** Bucket by probability; the last of 65,536 stands for the slowest. */
    private final int[] usual;

    private final int[] slow;
    private final double slowShare;

    private LatencyShape(double medianMicros, double steepness, double slowShare) {
        usual = table(medianMicros, steepness);
        slow = table(medianMicros * SLOW_FACTOR, steepness);
        this.slowShare = slowShare;
    }

    /**
     * @param medianMicros half of the answers are faster, above 0
     * @param steepness p99 is {@code 99^(1/steepness)} times the median: 4 gives 3.2 times; above 1
     * @param slowShare part of the answers that takes thirty times as long, 0 to 1
     */
    public static LatencyShape of(double medianMicros, double steepness, double slowShare) {
        if (!(medianMicros > 0) || !(steepness > 1) || !(slowShare >= 0 && slowShare <= 1)) {
            throw new IllegalArgumentException(
                    "median " + medianMicros + " us, steepness " + steepness + ", slow share " + slowShare);
        }
        return new LatencyShape(medianMicros, steepness, slowShare);
    }

    /** Bucket of the latency of one answer. */
    int draw(SplitMix random) {
        int[] table = slowShare > 0 && random.nextDouble() < slowShare ? slow : usual;
        return table[(int) (random.nextLong() >>> 48)];
    }

    private static int[] table(double medianMicros, double steepness) {
        int[] buckets = new int[RESOLUTION];
        for (int i = 0; i < RESOLUTION; i++) {
            double u = (i + 0.5) / RESOLUTION;
            double micros = medianMicros * Math.pow(u / (1 - u), 1 / steepness);
            buckets[i] = LatencyScale.bucketOf(Math.round(micros));
        }
        return buckets;
    }
}
