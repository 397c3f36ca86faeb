package io.turnout.upstream;

/**
 * How soon an endpoint's answers have begun lately: a moving average that follows a rise at once and forgets it slowly
 * (peak EWMA, after Finagle). Confined to its event loop.
 */
final class LatencyAverage {
    /** After this long without answers, all but 1/e of what was seen is forgotten. */
    private static final double MEMORY_NANOS = 10_000_000_000.0;

    private double nanos;
    private long updatedNanos;

    /** An answer has begun this long after its request. */
    void add(long latencyNanos, long nowNanos) {
        if (latencyNanos >= nanos) {
            nanos = latencyNanos;
        } else {
            double kept = Math.exp(-Math.max(0, nowNanos - updatedNanos) / MEMORY_NANOS);
            nanos = nanos * kept + latencyNanos * (1 - kept);
        }
        updatedNanos = nowNanos;
    }

    /** Nothing has been heard: an endpoint that was slow once must be tried again some time. */
    void onQuiet(long nowNanos) {
        nanos *= Math.exp(-Math.max(0, nowNanos - updatedNanos) / MEMORY_NANOS);
        updatedNanos = nowNanos;
    }

    /** The average in nanoseconds; 0 when nothing has been heard for long, or ever. */
    double nanos() {
        return nanos;
    }
}
