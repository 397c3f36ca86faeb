package io.turnout.judge;

import io.turnout.model.LatencyScale;

/**
 * A latency the user wrote that a quantile must not exceed. Immutable.
 *
 * @param label name of the quantile in texts, for instance {@code p99.9}
 * @param level the quantile, above 0 and below 1
 * @param micros limit in microseconds, within the range of {@link LatencyScale}
 */
public record LatencyLimit(String label, double level, long micros) {
    public LatencyLimit {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException(label + " is the quantile " + level + ", expected between 0 and 1");
        }
        if (micros <= 0 || micros >= LatencyScale.MAX_MICROS) {
            throw new IllegalArgumentException(
                    label + " limited to " + micros + " us, expected 1 to " + (LatencyScale.MAX_MICROS - 1));
        }
    }

    /** First bucket that lies wholly above the limit. */
    int slowFromBucket() {
        return LatencyScale.bucketOf(micros) + 1;
    }
}
