package io.turnout.judge;

import io.turnout.model.LatencyScale;

/**
 * How many answers fell into each bucket of {@link LatencyScale} within one tick, kept so that clearing and reading cost
 * as much as the answers counted, not as the 1,856 buckets.
 *
 * <p>Mutable and reused; confined to the thread that ticks the judge. Allocates only when built.
 */
public final class LatencyCounts {
    private final long[] counts = new long[LatencyScale.BUCKETS];
    private final int[] touched = new int[LatencyScale.BUCKETS];
    private int touchedCount;
    private long total;

    /** Adds answers to a bucket (0 to {@link LatencyScale#BUCKETS} - 1); {@code count} 0 or more. */
    public void add(int bucket, long count) {
        if (count == 0) {
            return;
        }
        if (counts[bucket] == 0) {
            touched[touchedCount++] = bucket;
        }
        counts[bucket] += count;
        total += count;
    }

    /** Adds one answer that took this long. */
    public void addMicros(long micros) {
        add(LatencyScale.bucketOf(micros), 1);
    }

    /** Adds one answer that never came within the time allowed: slower than any limit. */
    public void addTimeout() {
        add(LatencyScale.BUCKETS - 1, 1);
    }

    /** All answers counted. */
    public long total() {
        return total;
    }

    /** Answers in this bucket and above. */
    public long atOrAbove(int bucket) {
        long sum = 0;
        for (int i = 0; i < touchedCount; i++) {
            int at = touched[i];
            if (at >= bucket) {
                sum += counts[at];
            }
        }
        return sum;
    }

    /** Forgets all counts. */
    public void clear() {
        for (int i = 0; i < touchedCount; i++) {
            counts[touched[i]] = 0;
        }
        touchedCount = 0;
        total = 0;
    }

    /** Number of different buckets with answers; they are read with {@link #bucketAt} and {@link #countAt}. */
    int distinct() {
        return touchedCount;
    }

    int bucketAt(int index) {
        return touched[index];
    }

    long countAt(int index) {
        return counts[touched[index]];
    }
}
