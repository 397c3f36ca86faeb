package io.turnout.telemetry;

import io.turnout.model.DecisionReason;
import io.turnout.model.LatencyScale;
import io.turnout.model.Outcome;

/**
 * What became of the requests of one route that were sent to one pool while one set of weights was in force (a routing
 * epoch), each event loop in a cell of its own.
 *
 * <p>A request counts in the epoch it was routed in, however late it ends; so counts of different weights never mix.
 * Latencies are those of answers that arrived whole and were not the upstream's failure; times to first byte are those of
 * evidence only.
 */
public final class VariantMeter {
    /** Whether a request is evidence for the guard, or was sent by a rule and is not. */
    public enum Weight {
        EVIDENCE,
        FORCED
    }

    /** Limits beyond which a request without an answer is counted while it still runs. */
    public static final int OVERDUE_LIMITS = 3;

    private static final int OUTCOMES = Outcome.values().length;
    private static final int STATUS_CLASSES = 6;
    private static final int STARTED = 0;
    private static final int OUTCOME = 2;
    private static final int STATUS = OUTCOME + 2 * OUTCOMES;
    private static final int TOTAL_MICROS = STATUS + STATUS_CLASSES;
    private static final int RETRIED = TOTAL_MICROS + 1;
    private static final int CHARGED = RETRIED + 1;
    private static final int OVERDUE = CHARGED + 1;
    private static final int OVERDUE_ENDED = OVERDUE + OVERDUE_LIMITS;
    private static final int DECIDED = OVERDUE_ENDED + OVERDUE_LIMITS;
    private static final int SIZE = DECIDED + DecisionReason.values().length;

    private final Cell[] cells;
    private final long epoch;
    private final int share;
    private volatile OverdueLimits overdueLimits = OverdueLimits.NONE;

    VariantMeter(long epoch, int share, int loops) {
        this.epoch = epoch;
        this.share = share;
        cells = new Cell[loops];
        for (int i = 0; i < loops; i++) {
            cells[i] = new Cell();
        }
    }

    /**
     * Number of the routing epoch: variants of one split that share a number were weighed against each other; later
     * epochs have larger numbers.
     */
    public long epoch() {
        return epoch;
    }

    /** What the pool weighed in this epoch; 0 if it was not in the split. */
    public int share() {
        return share;
    }

    /** How long an answer may take before a running request is counted as overdue; any thread. */
    public OverdueLimits overdueLimits() {
        return overdueLimits;
    }

    /** Sets how long an answer may take; loops notice on their next tick. Any thread, one at a time. */
    public void overdueLimits(OverdueLimits limits) {
        overdueLimits = limits;
    }

    /**
     * How long an answer may take.
     *
     * @param firstNanos the lowest limit
     * @param secondNanos not below the first
     * @param thirdNanos not below the second
     */
    public record OverdueLimits(long firstNanos, long secondNanos, long thirdNanos) {
        /** Nothing is ever overdue. */
        public static final OverdueLimits NONE = new OverdueLimits(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

        public OverdueLimits {
            if (firstNanos > secondNanos || secondNanos > thirdNanos) {
                throw new IllegalArgumentException(
                        firstNanos + ", " + secondNanos + ", " + thirdNanos + " do not rise");
            }
        }

        /** How many of the limits a request of this age has passed, 0 to {@link VariantMeter#OVERDUE_LIMITS}. */
        public int passed(long ageNanos) {
            if (ageNanos < firstNanos) {
                return 0;
            }
            if (ageNanos < secondNanos) {
                return 1;
            }
            return ageNanos < thirdNanos ? 2 : OVERDUE_LIMITS;
        }
    }

    /** The cell of the loop with this index; only that loop may write to it. */
    public Cell cell(int loop) {
        return cells[loop];
    }

    /** Adds what has been counted so far; any thread. */
    public void addTo(VariantTotals totals) {
        for (Cell cell : cells) {
            cell.counts.addTo(totals.counts);
            cell.firstByte.addTo(totals.firstByteBuckets);
            cell.total.addTo(totals.totalBuckets);
        }
    }

    /** Adds the counters, without the histograms, to sums by index; any thread. */
    void addCountsTo(long[] sums) {
        for (Cell cell : cells) {
            cell.counts.addTo(sums);
        }
    }

    /** Adds the times to first byte to sums by bucket; any thread. */
    void addFirstByteTo(long[] sums) {
        for (Cell cell : cells) {
            cell.firstByte.addTo(sums);
        }
    }

    /** One loop's share. Confined to that loop for writing. */
    public static final class Cell {
        private final Counts counts = new Counts(SIZE);
        private final Counts firstByte = new Counts(LatencyScale.BUCKETS);
        private final Counts total = new Counts(LatencyScale.BUCKETS);

        /** A request has been routed here. */
        public void onStarted(Weight weight) {
            counts.increment(STARTED + weight.ordinal());
        }

        /** A request is sent here for this reason. */
        public void onDecided(DecisionReason reason) {
            counts.increment(DECIDED + reason.ordinal());
        }

        /** An attempt failed and another follows; the request goes on. */
        public void onRetried() {
            counts.increment(RETRIED);
        }

        /**
         * The variant failed a request that is evidence: by how it ended, or by how its first attempt did. At most once
         * per request.
         */
        public void onCharged() {
            counts.increment(CHARGED);
        }

        /** A running request has passed the limit with this index, 0 to {@link VariantMeter#OVERDUE_LIMITS} - 1. */
        public void onOverdue(int limit) {
            counts.increment(OVERDUE + limit);
        }

        /** A request that had passed so many limits has ended, so that its latency is in the histograms as well. */
        public void onOverdueEnded(int limits) {
            for (int i = 0; i < limits; i++) {
                counts.increment(OVERDUE_ENDED + i);
            }
        }

        /**
         * A request has ended.
         *
         * @param status final status code the client got, 0 when it got none
         * @param firstByteMicros from request head to the first byte of the answer; negative when there was none
         * @param totalMicros from request head to the end of the answer
         */
        public void onFinished(Weight weight, Outcome outcome, int status, long firstByteMicros, long totalMicros) {
            counts.increment(OUTCOME + weight.ordinal() * OUTCOMES + outcome.ordinal());
            counts.increment(STATUS + status / 100);
            if (outcome == Outcome.SUCCESS || outcome == Outcome.CLIENT_ERROR) {
                counts.add(TOTAL_MICROS, totalMicros);
                total.increment(LatencyScale.bucketOf(totalMicros));
                if (weight == Weight.EVIDENCE) {
                    firstByte.increment(LatencyScale.bucketOf(firstByteMicros));
                }
            }
        }
    }

    static int size() {
        return SIZE;
    }

    static int startedIndex(Weight weight) {
        return STARTED + weight.ordinal();
    }

    static int outcomeIndex(Weight weight, Outcome outcome) {
        return OUTCOME + weight.ordinal() * OUTCOMES + outcome.ordinal();
    }

    static int statusIndex(int statusClass) {
        return STATUS + statusClass;
    }

    static int totalMicrosIndex() {
        return TOTAL_MICROS;
    }

    static int chargedIndex() {
        return CHARGED;
    }

    static int overdueIndex(int limit) {
        return OVERDUE + limit;
    }

    static int overdueEndedIndex(int limit) {
        return OVERDUE_ENDED + limit;
    }

    static int decidedIndex(DecisionReason reason) {
        return DECIDED + reason.ordinal();
    }

    static int retriedIndex() {
        return RETRIED;
    }
}
