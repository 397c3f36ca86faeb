package io.turnout.telemetry;

/**
 * What happens at a pool's limits, each event loop in a cell of its own. Lives as long as the pool stays in the
 * configuration.
 */
public final class PoolMeter {
    /** What is counted. */
    public enum Count {
        /** Requests that wait for a connection now. */
        PENDING("pending"),
        /** Retries running now. */
        RETRIES_ACTIVE("retries_active"),
        /** Requests that found the connections and the waiting room full. */
        REJECTED_PENDING("pending"),
        /** Requests that waited for a connection as long as a connect may take, in vain. */
        REJECTED_WAIT("wait"),
        /** Retries that were not made because the budget was spent. */
        REJECTED_RETRY("retry_budget"),
        /** Ejections that were not made because too few others would have been left. */
        EJECTIONS_SPARED("ejections_withheld");

        private final String label;

        Count(String label) {
            this.label = label;
        }

        /** Name used in metrics. */
        public String label() {
            return label;
        }
    }

    private final Counts[] cells;

    /** A meter for so many loops. */
    public PoolMeter(int loops) {
        cells = new Counts[loops];
        for (int i = 0; i < loops; i++) {
            cells[i] = new Counts(Count.values().length);
        }
    }

    /** Adds to a loop's count; only on that loop. */
    public void add(int loop, Count count, long amount) {
        cells[loop].add(count.ordinal(), amount);
    }

    /** The sum over the loops; any thread. */
    public long read(Count count) {
        long sum = 0;
        for (Counts cell : cells) {
            sum += cell.read(count.ordinal());
        }
        return sum;
    }
}
