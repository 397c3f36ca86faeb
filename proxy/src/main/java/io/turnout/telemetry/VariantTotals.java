package io.turnout.telemetry;

import io.turnout.model.DecisionReason;
import io.turnout.model.LatencyScale;
import io.turnout.model.Outcome;
import io.turnout.telemetry.VariantMeter.Weight;
import java.util.Arrays;

/** Sums over loops and epochs, made by a reader for itself. Not thread-safe. */
public final class VariantTotals {
    final long[] counts = new long[VariantMeter.size()];
    final long[] firstByteBuckets = new long[LatencyScale.BUCKETS];
    final long[] totalBuckets = new long[LatencyScale.BUCKETS];

    /** Requests routed here. */
    public long started() {
        return started(Weight.EVIDENCE) + started(Weight.FORCED);
    }

    /** Requests routed here that are, or are not, evidence. */
    public long started(Weight weight) {
        return counts[VariantMeter.startedIndex(weight)];
    }

    /** Requests that have ended in this way. */
    public long finished(Outcome outcome) {
        return finished(Weight.EVIDENCE, outcome) + finished(Weight.FORCED, outcome);
    }

    /** Requests that have ended in this way and are, or are not, evidence. */
    public long finished(Weight weight, Outcome outcome) {
        return counts[VariantMeter.outcomeIndex(weight, outcome)];
    }

    /** Requests that have ended, in whatever way. */
    public long finished() {
        long sum = 0;
        for (Outcome outcome : Outcome.values()) {
            sum += finished(outcome);
        }
        return sum;
    }

    /** Requests that are evidence and whose first attempt the variant failed, whatever a retry made of them. */
    public long charged() {
        return counts[VariantMeter.chargedIndex()];
    }

    /**
     * Requests the variant failed. Those that are evidence count by what the variant did first; of the forced ones only
     * the end is known.
     */
    public long failed() {
        long failed = charged();
        for (Outcome outcome : Outcome.values()) {
            if (outcome.chargedToVariant()) {
                failed += finished(Weight.FORCED, outcome);
            }
        }
        return failed;
    }

    /** Requests that were sent here for this reason. */
    public long decided(DecisionReason reason) {
        return counts[VariantMeter.decidedIndex(reason)];
    }

    /** Requests that were counted as overdue by the limit with this index while they ran. */
    public long overdue(int limit) {
        return counts[VariantMeter.overdueIndex(limit)];
    }

    /** Of those, the ones that ended with a latency or a timeout, and so are counted there too. */
    public long overdueEnded(int limit) {
        return counts[VariantMeter.overdueEndedIndex(limit)];
    }

    /** Answers by status class: 1 to 5 for 1xx to 5xx, 0 for requests that got no status. */
    public long withStatusClass(int statusClass) {
        return counts[VariantMeter.statusIndex(statusClass)];
    }

    /** Attempts that failed and were followed by another. */
    public long retried() {
        return counts[VariantMeter.retriedIndex()];
    }

    /** Sum of the latencies in the histograms, in microseconds. */
    public long totalMicros() {
        return counts[VariantMeter.totalMicrosIndex()];
    }

    /** Counts of request durations by bucket of {@link LatencyScale}; the array is the reader's to keep. */
    public long[] totalBuckets() {
        return totalBuckets;
    }

    /** Counts of times to first byte of evidence by bucket of {@link LatencyScale}; the array is the reader's to keep. */
    public long[] firstByteBuckets() {
        return firstByteBuckets;
    }

    /** Begins anew at nothing. */
    void clear() {
        Arrays.fill(counts, 0);
        Arrays.fill(firstByteBuckets, 0);
        Arrays.fill(totalBuckets, 0);
    }

    /** Adds another reader's sums to these. */
    void add(VariantTotals other) {
        addAll(counts, other.counts);
        addAll(firstByteBuckets, other.firstByteBuckets);
        addAll(totalBuckets, other.totalBuckets);
    }

    private static void addAll(long[] to, long[] from) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i];
        }
    }

    /**
     * The latency in microseconds below which the given share of the buckets' counts lies, as the upper edge of its
     * bucket; 0 when nothing was counted.
     */
    public static long quantileMicros(long[] buckets, double quantile) {
        long all = 0;
        for (long count : buckets) {
            all += count;
        }
        if (all == 0) {
            return 0;
        }
        long rank = Math.max(1, (long) Math.ceil(quantile * all));
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i];
            if (seen >= rank) {
                return LatencyScale.upperMicros(i);
            }
        }
        throw new AssertionError("rank " + rank + " beyond " + all);
    }
}
