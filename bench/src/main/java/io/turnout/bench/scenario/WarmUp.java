package io.turnout.bench.scenario;

/**
 * How long a peer is warmed up: for a time at least, then on until what a request costs it has stopped falling, or
 * patience ends. Confined to the harness's main thread.
 */
final class WarmUp {
    private static final int SLICES = 4;

    /** A slice that costs so much of the one before, or more, is steady. */
    private static final double STEADY = .97;

    private final double leastSeconds;
    private final double mostSeconds;
    private double seconds;
    private double before = Double.POSITIVE_INFINITY;
    private boolean steady;

    WarmUp(double leastSeconds, double mostSeconds) {
        this.leastSeconds = leastSeconds;
        this.mostSeconds = Math.max(leastSeconds, mostSeconds);
    }

    double sliceSeconds() {
        return leastSeconds / SLICES;
    }

    /** How long it has gone on. */
    double seconds() {
        return seconds;
    }

    boolean isNeeded() {
        // Slices are added up, so compare with half a slice to spare.
        boolean least = seconds + sliceSeconds() / 2 > leastSeconds;
        boolean most = seconds + sliceSeconds() / 2 > mostSeconds;
        return leastSeconds > 0 && !(most || (least && steady));
    }

    /** One slice has passed, in which a request cost so much CPU time. */
    void onSlice(double cpuSecondsPerRequest) {
        steady = cpuSecondsPerRequest >= before * STEADY;
        before = cpuSecondsPerRequest;
        seconds += sliceSeconds();
    }
}
