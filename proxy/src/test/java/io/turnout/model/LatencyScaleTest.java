package io.turnout.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatencyScaleTest {
    @Test
    void everyBucketHoldsItsOwnEdges() {
        for (int bucket = 0; bucket < LatencyScale.BUCKETS; bucket++) {
            assertThat(LatencyScale.bucketOf(LatencyScale.lowerMicros(bucket))).isEqualTo(bucket);
            assertThat(LatencyScale.bucketOf(LatencyScale.upperMicros(bucket))).isEqualTo(bucket);
        }
    }

    @Test
    void bucketsTouchWithoutGapOrOverlap() {
        for (int bucket = 1; bucket < LatencyScale.BUCKETS; bucket++) {
            assertThat(LatencyScale.lowerMicros(bucket)).isEqualTo(LatencyScale.upperMicros(bucket - 1) + 1);
        }
    }

    @Test
    void widthIsAtMostOneSixtyFourthOfTheLowerEdge() {
        for (int bucket = 64; bucket < LatencyScale.BUCKETS; bucket++) {
            long lower = LatencyScale.lowerMicros(bucket);
            long width = LatencyScale.upperMicros(bucket) - lower + 1;
            assertThat(width * 64).isLessThanOrEqualTo(lower);
        }
    }

    @Test
    void clampsAtBothEnds() {
        assertThat(LatencyScale.bucketOf(-5)).isZero();
        assertThat(LatencyScale.bucketOf(Long.MAX_VALUE)).isEqualTo(LatencyScale.BUCKETS - 1);
    }
}
