package io.turnout.telemetry;

import io.turnout.model.LatencyScale;
import io.turnout.model.Outcome;
import io.turnout.telemetry.VariantMeter.Weight;
import java.util.Arrays;

/**
 * What one epoch of a variant has counted since its reader last looked. All figures are of evidence: what a rule sent is
 * left out.
 *
 * <p>Confined to its reader. Looking allocates nothing; nothing that is counted is ever missed or told twice, though
 * what a loop is counting at the moment of the look may be told at the next.
 */
public final class MeterCursor {
    private static final Outcome[] OUTCOMES = Outcome.values();

    private final VariantMeter meter;
    private long[] counts = new long[VariantMeter.size()];
    private long[] countsBefore = new long[VariantMeter.size()];
    private long[] firstByte = new long[LatencyScale.BUCKETS];
    private long[] firstByteBefore = new long[LatencyScale.BUCKETS];
    private boolean moved;
    private boolean timed;

    /** A cursor at the very beginning of the epoch. */
    public MeterCursor(VariantMeter meter) {
        this.meter = meter;
    }

    /** The epoch it reads. */
    public VariantMeter meter() {
        return meter;
    }

    /** Takes a look: from now on the figures tell what is new since the look before. */
    public void advance() {
        long[] oldCounts = countsBefore;
        countsBefore = counts;
        counts = oldCounts;
        Arrays.fill(counts, 0);
        meter.addCountsTo(counts);
        boolean movedBefore = moved;
        moved = !Arrays.equals(counts, countsBefore);
        // A loop counts the outcome first and the time after it: one more look finds what came in between.
        timed = moved || movedBefore;
        if (timed) {
            advanceFirstByte();
        }
    }

    private void advanceFirstByte() {
        long[] old = firstByteBefore;
        firstByteBefore = firstByte;
        firstByte = old;
        Arrays.fill(firstByte, 0);
        meter.addFirstByteTo(firstByte);
    }

    /** Whether anything can be new; if not, every figure is 0. */
    public boolean hasNews() {
        return timed;
    }

    /** Requests routed here. */
    public long started() {
        return since(VariantMeter.startedIndex(Weight.EVIDENCE));
    }

    /** Requests that ended, but for those whose client left. */
    public long answered() {
        long sum = 0;
        for (Outcome outcome : OUTCOMES) {
            if (outcome != Outcome.CLIENT_GONE) {
                sum += finished(outcome);
            }
        }
        return sum;
    }

    /** Requests that ended in this way. */
    public long finished(Outcome outcome) {
        return since(VariantMeter.outcomeIndex(Weight.EVIDENCE, outcome));
    }

    /** Requests whose first attempt failed, counted when it did: the request itself may end later. */
    public long charged() {
        return since(VariantMeter.chargedIndex());
    }

    /** Requests that passed the overdue limit with this index while they ran. */
    public long overdue(int limit) {
        return since(VariantMeter.overdueIndex(limit));
    }

    /** Of those, the ones that ended. */
    public long overdueEnded(int limit) {
        return since(VariantMeter.overdueEndedIndex(limit));
    }

    /** Answers whose first byte took a time in this bucket of {@link LatencyScale}. */
    public long firstByte(int bucket) {
        return timed ? firstByte[bucket] - firstByteBefore[bucket] : 0;
    }

    private long since(int index) {
        return counts[index] - countsBefore[index];
    }
}
