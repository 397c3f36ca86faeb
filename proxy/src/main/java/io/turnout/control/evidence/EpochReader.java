package io.turnout.control.evidence;

import io.turnout.judge.ArmSample;
import io.turnout.judge.LatencyCounts;
import io.turnout.judge.Quantile;
import io.turnout.model.LatencyScale;
import io.turnout.model.Outcome;
import io.turnout.telemetry.MeterCursor;
import io.turnout.telemetry.VariantMeter;

/** Reads one variant's counts of one routing epoch, tick by tick. Confined to the control thread. */
final class EpochReader {
    private static final Quantile[] QUANTILES = Quantile.values();

    private final MeterCursor cursor;

    /** Requests whose first attempt failed while they themselves go on with another. */
    private long errorsAhead;

    EpochReader(VariantMeter meter) {
        cursor = new MeterCursor(meter);
    }

    VariantMeter meter() {
        return cursor.meter();
    }

    long epoch() {
        return cursor.meter().epoch();
    }

    void advance() {
        cursor.advance();
    }

    boolean hasNews() {
        return cursor.hasNews();
    }

    /** Whether the times of answers are told with the answers. */
    enum Latency {
        TOLD,
        /** Those of a cold canary say nothing about a warm one. */
        LEFT_OUT
    }

    /** Adds what is new since the last look. */
    void tell(ArmSample arm, Latency latency) {
        long answered = cursor.answered();
        // A retried request is charged before it ends: its error waits for it, so that no rate exceeds 1.
        long errors = errorsAhead + cursor.charged();
        long settled = Math.min(errors, answered);
        errorsAhead = errors - settled;
        arm.answered(answered, settled);
        arm.routed(cursor.started());
        if (latency == Latency.TOLD) {
            tellLatency(arm);
        }
    }

    private void tellLatency(ArmSample arm) {
        LatencyCounts latency = arm.latency();
        if (cursor.hasNews()) {
            for (int bucket = 0; bucket < LatencyScale.BUCKETS; bucket++) {
                latency.add(bucket, cursor.firstByte(bucket));
            }
        }
        latency.add(LatencyScale.BUCKETS - 1, cursor.finished(Outcome.TIMEOUT));
        for (int i = 0; i < VariantMeter.OVERDUE_LIMITS; i++) {
            arm.slowRunning(QUANTILES[i], cursor.overdue(i));
            arm.slowSettled(QUANTILES[i], cursor.overdueEnded(i));
        }
    }
}
