package io.turnout.telemetry;

import io.turnout.model.LatencyScale;
import io.turnout.model.UpstreamFailure;

/**
 * What becomes of the copies of one route's requests that go to one pool, each event loop in a cell of its own. Lives as
 * long as the mirror stays in the configuration.
 *
 * <p>Every copy that was decided on ends in exactly one way: completed, failed or dropped.
 */
public final class MirrorMeter {
    /** What is counted besides failures and drops. */
    public enum Count {
        /** Requests chosen to be copied. */
        CHOSEN,
        /** Copies whose head was sent. */
        SENT,
        /** Copies that were answered whole. */
        COMPLETED,
        /** Of those, the ones with a status of 500 and above. */
        SERVER_ERRORS,
        /** Sum of the times in {@link #primaryBuckets}, in microseconds. */
        PRIMARY_MICROS,
        /** Sum of the times in {@link #copyBuckets}, in microseconds. */
        COPY_MICROS
    }

    private static final int DROPPED = Count.values().length;
    private static final int FAILED = DROPPED + MirrorDrop.values().length;
    private static final int UNPAIRED = FAILED + UpstreamFailure.values().length;
    private static final int SIZE = UNPAIRED + MirrorUnpaired.values().length;

    private final String route;
    private final String pool;
    private final String leg;
    private final MirrorBudget budget;
    private final Cell[] cells;

    /**
     * A meter for so many loops.
     *
     * @param pool the mirror's, also for its control leg
     * @param leg {@code shadow} or {@code control}
     * @param budget shared by the legs of a mirror
     */
    public MirrorMeter(String route, String pool, String leg, MirrorBudget budget, int loops) {
        this.route = route;
        this.pool = pool;
        this.leg = leg;
        this.budget = budget;
        cells = new Cell[loops];
        for (int i = 0; i < loops; i++) {
            cells[i] = new Cell();
        }
    }

    /** Name of the route. */
    public String route() {
        return route;
    }

    /** Name of the mirror's pool. */
    public String pool() {
        return pool;
    }

    /** {@code shadow} or {@code control}. */
    public String leg() {
        return leg;
    }

    /** Whether the copies only measure the noise. */
    public boolean isControl() {
        return leg.equals("control");
    }

    /** What the copies hold. */
    public MirrorBudget budget() {
        return budget;
    }

    /** Number of loops that count here. */
    public int loops() {
        return cells.length;
    }

    /** The cell of the loop with this index; only that loop may write to it. */
    public Cell cell(int loop) {
        return cells[loop];
    }

    /** The value now; any thread. */
    public long read(Count count) {
        return sum(count.ordinal());
    }

    /** Copies dropped for this reason; any thread. */
    public long dropped(MirrorDrop reason) {
        return sum(DROPPED + reason.ordinal());
    }

    /** Copies that failed in this way; any thread. */
    public long failed(UpstreamFailure failure) {
        return sum(FAILED + failure.ordinal());
    }

    /** Requests whose answers were not compared for this reason; any thread. */
    public long unpaired(MirrorUnpaired reason) {
        return sum(UNPAIRED + reason.ordinal());
    }

    /** Times from request head to the end of the original's answer, of the requests that were copied; any thread. */
    public long[] primaryBuckets() {
        long[] sums = new long[LatencyScale.BUCKETS];
        for (Cell cell : cells) {
            cell.primary.addTo(sums);
        }
        return sums;
    }

    /** Times from request head to the end of the copy's answer; any thread. */
    public long[] copyBuckets() {
        long[] sums = new long[LatencyScale.BUCKETS];
        for (Cell cell : cells) {
            cell.copy.addTo(sums);
        }
        return sums;
    }

    private long sum(int index) {
        long sum = 0;
        for (Cell cell : cells) {
            sum += cell.counts.read(index);
        }
        return sum;
    }

    /** One loop's share. Confined to that loop for writing. */
    public static final class Cell {
        private final Counts counts = new Counts(SIZE);
        private final Counts primary = new Counts(LatencyScale.BUCKETS);
        private final Counts copy = new Counts(LatencyScale.BUCKETS);

        /** A request is to be copied. */
        public void onChosen() {
            counts.increment(Count.CHOSEN.ordinal());
        }

        /** The copy's head has been written. */
        public void onSent() {
            counts.increment(Count.SENT.ordinal());
        }

        /** The copy has been answered whole. */
        public void onCompleted(int status, long micros) {
            counts.increment(Count.COMPLETED.ordinal());
            if (status >= 500) {
                counts.increment(Count.SERVER_ERRORS.ordinal());
            }
            counts.add(Count.COPY_MICROS.ordinal(), micros);
            copy.increment(LatencyScale.bucketOf(micros));
        }

        /** The copy failed. */
        public void onFailed(UpstreamFailure failure) {
            counts.increment(FAILED + failure.ordinal());
        }

        /** The copy was not sent, or was cut. */
        public void onDropped(MirrorDrop reason) {
            counts.increment(DROPPED + reason.ordinal());
        }

        /** The original of a copy has been answered whole. */
        public void onPrimary(long micros) {
            counts.add(Count.PRIMARY_MICROS.ordinal(), micros);
            primary.increment(LatencyScale.bucketOf(micros));
        }

        /** The answers to a request will not be compared. */
        public void onUnpaired(MirrorUnpaired reason) {
            counts.increment(UNPAIRED + reason.ordinal());
        }
    }
}
