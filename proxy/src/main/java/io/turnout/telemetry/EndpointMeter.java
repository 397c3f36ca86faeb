package io.turnout.telemetry;

/**
 * What one endpoint of a pool does, each event loop in a cell of its own. Lives as long as the endpoint stays in the
 * configuration.
 */
public final class EndpointMeter {
    private static final int REQUESTS = 0;
    private static final int FAILURES = 1;
    private static final int CONNECTS = 2;
    private static final int CONNECT_FAILURES = 3;
    private static final int CONNECTIONS = 4;
    private static final int ACTIVE = 5;
    private static final int JUDGED = 6;
    private static final int CHARGED = 7;
    private static final int LATENCY = 8;
    private static final int SIZE = 9;

    private final Cell[] cells;

    /** A meter for so many loops. */
    public EndpointMeter(int loops) {
        cells = new Cell[loops];
        for (int i = 0; i < loops; i++) {
            cells[i] = new Cell();
        }
    }

    /** Number of loops. */
    public int loops() {
        return cells.length;
    }

    /** The cell of the loop with this index; only that loop may write to it. */
    public Cell cell(int loop) {
        return cells[loop];
    }

    /** Attempts sent to the endpoint. */
    public long requests() {
        return sum(REQUESTS);
    }

    /** Attempts the endpoint failed. */
    public long failures() {
        return sum(FAILURES);
    }

    /** Connections opened. */
    public long connects() {
        return sum(CONNECTS);
    }

    /** Connections that could not be opened. */
    public long connectFailures() {
        return sum(CONNECT_FAILURES);
    }

    /** Connections open now. */
    public long connections() {
        return sum(CONNECTIONS);
    }

    /** Requests running now. */
    public long active() {
        return sum(ACTIVE);
    }

    /** Requests with a known outcome that are evidence, of all routes, by the endpoint of their first attempt. */
    public long judged() {
        return sum(JUDGED);
    }

    /** Of those, the ones the endpoint failed. */
    public long charged() {
        return sum(CHARGED);
    }

    /** Microseconds until answers begin lately, of the loop that waits longest; 0 when nothing was heard for long. */
    public long latencyMicros() {
        long most = 0;
        for (Cell cell : cells) {
            most = Math.max(most, cell.counts.read(LATENCY));
        }
        return most;
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

        /** An attempt begins. */
        public void onRequest() {
            counts.increment(REQUESTS);
            counts.increment(ACTIVE);
        }

        /** An attempt is over. */
        public void onRequestEnd(boolean failed) {
            counts.add(ACTIVE, -1);
            if (failed) {
                counts.increment(FAILURES);
            }
        }

        /** The outcome of a first attempt that is evidence is known. */
        public void onJudged(boolean failed) {
            counts.increment(JUDGED);
            if (failed) {
                counts.increment(CHARGED);
            }
        }

        /** How soon answers begin lately, as far as this loop knows. */
        public void latencyMicros(long micros) {
            counts.add(LATENCY, micros - counts.read(LATENCY));
        }

        /** A connection is open. */
        public void onConnect() {
            counts.increment(CONNECTS);
            counts.increment(CONNECTIONS);
        }

        /** A connection could not be opened. */
        public void onConnectFailure() {
            counts.increment(CONNECT_FAILURES);
        }

        /** An open connection is gone. */
        public void onDisconnect() {
            counts.add(CONNECTIONS, -1);
        }
    }
}
