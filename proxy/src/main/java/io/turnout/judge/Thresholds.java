package io.turnout.judge;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Limits the user wrote for the canary by itself, looked at over a sliding window. Immutable.
 *
 * @param maxErrorRate largest accepted share of errors, 0 to 1, or null for no limit
 * @param latency accepted latencies by quantile; empty for no limit
 * @param window how far back is looked, at least 1 s
 * @param minRequests answers the window must hold before it means anything, at least 1
 * @param consecutive how many checks in a row must fail, at least 1; a check that passes starts the count anew
 */
public record Thresholds(
        @Nullable Double maxErrorRate, List<LatencyLimit> latency, Duration window, long minRequests, int consecutive) {
    public Thresholds {
        if (maxErrorRate != null && !(maxErrorRate >= 0 && maxErrorRate <= 1)) {
            throw new IllegalArgumentException("largest error rate " + maxErrorRate + ", expected 0 to 1");
        }
        if (window.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("window " + window + ", expected 1 s or more");
        }
        if (minRequests < 1 || consecutive < 1) {
            throw new IllegalArgumentException(
                    "at least " + minRequests + " requests, " + consecutive + " checks; expected 1 or more of each");
        }
        latency = List.copyOf(latency);
    }
}
