package io.turnout.model;

/**
 * The log-linear bucket layout in which every latency of the product is counted: 64 buckets per power of two of
 * microseconds, so that a bucket's width is at most 1/64 (1.6 %) of its lower edge.
 *
 * <p>Values from 0 to 63 us have a bucket each; the scale ends at about 4.7 hours and clamps above. Stateless.
 */
public final class LatencyScale {
    private static final int SUB_BITS = 6;
    private static final int SUB = 1 << SUB_BITS;
    private static final int MAX_EXPONENT = 34;

    /** Number of buckets; a count array of the scale has this length. */
    public static final int BUCKETS = (MAX_EXPONENT - SUB_BITS + 1) * SUB;

    /** Largest value told apart from larger ones, in microseconds. */
    public static final long MAX_MICROS = (1L << MAX_EXPONENT) - 1;

    private LatencyScale() {}

    /** Bucket of a latency in microseconds; negative counts as 0, too large as the last bucket. */
    public static int bucketOf(long micros) {
        if (micros < SUB) {
            return micros < 0 ? 0 : (int) micros;
        }
        if (micros > MAX_MICROS) {
            return BUCKETS - 1;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(micros);
        int shift = exponent - SUB_BITS;
        return (shift + 1) * SUB + (int) (micros >>> shift) - SUB;
    }

    /** Smallest value in microseconds that falls into the bucket (0 to {@link #BUCKETS} - 1). */
    public static long lowerMicros(int bucket) {
        if (bucket < SUB) {
            return bucket;
        }
        int shift = bucket / SUB - 1;
        return (long) (SUB + bucket % SUB) << shift;
    }

    /** Largest value in microseconds that falls into the bucket. */
    public static long upperMicros(int bucket) {
        return bucket == BUCKETS - 1 ? MAX_MICROS : lowerMicros(bucket + 1) - 1;
    }
}
