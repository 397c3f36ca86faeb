package io.turnout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.model.LatencyScale;
import org.junit.jupiter.api.Test;

class LatencyQuantilesTest {
    private final LatencyQuantiles past = new LatencyQuantiles();
    private final LatencyCounts counts = new LatencyCounts();

    @Test
    void knowsNothingBeforeTwoHundredAnswers() {
        learn(199, 10_000, 0.1);
        assertThat(past.known()).isFalse();
        assertThat(past.answersMissing()).isEqualTo(1);
        learn(1, 10_000, 0.1);
        assertThat(past.known()).isTrue();
    }

    @Test
    void findsQuantilesWithinABucketAndToleratesTenPercent() {
        uniform(1_000, 100_000);
        assertThat(past.stableMicros(Quantile.P50)).isBetween(49_000L, 51_000L);
        assertThat(past.stableMicros(Quantile.P90)).isBetween(88_500L, 91_000L);
        for (Quantile quantile : Quantile.values()) {
            double tolerated = 1.1 * past.stableMicros(quantile);
            assertThat((double) past.canaryMicros(quantile)).isBetween(tolerated, tolerated * 1.02);
        }
    }

    @Test
    void toleratesTwoMillisecondsWhereTenPercentIsLess() {
        uniform(10, 3_000);
        assertThat(past.canaryMicros(Quantile.P50)).isBetween(3_400L, 3_600L);
    }

    @Test
    void limitsLieOnBucketEdges() {
        uniform(1_000, 100_000);
        for (Quantile quantile : Quantile.values()) {
            assertThat(LatencyScale.lowerMicros(past.canaryBucket(quantile))).isEqualTo(past.canaryMicros(quantile));
            assertThat(LatencyScale.lowerMicros(past.stableBucket(quantile))).isEqualTo(past.stableMicros(quantile));
        }
    }

    @Test
    void constantLatencyPutsTheLimitAboveItsBucketSoThatASlowerCanaryShows() {
        learn(1000, 20_000, 0.1);
        assertThat(past.stableMicros(Quantile.P50)).isGreaterThan(20_000);
        assertThat(past.canaryMicros(Quantile.P50)).isLessThan(24_000);
    }

    @Test
    void forgetsOldTrafficWithinMinutes() {
        learn(100_000, 10_000, 0.1);
        for (int second = 0; second < 600; second++) {
            learn(100, 50_000, 1);
        }
        assertThat(past.stableMicros(Quantile.P50)).isGreaterThan(49_000);
    }

    @Test
    void keepsTwoHundredAnswersHoweverSlowTheTrafficIs() {
        learn(300, 10_000, 0.1);
        for (int hour = 0; hour < 100; hour++) {
            learn(0, 0, 3600);
        }
        assertThat(past.known()).isTrue();
        assertThat(past.stableMicros(Quantile.P50)).isBetween(9_800L, 10_300L);
        learn(60, 50_000, 1);
        learn(0, 0, 1);
        assertThat(past.stableMicros(Quantile.P50))
                .as("60 of 260 answers are slower")
                .isLessThan(11_000);
        assertThat(past.stableMicros(Quantile.P90)).isGreaterThan(49_000);
    }

    @Test
    void survivesDaysOfFadingWithoutOverflow() {
        for (int minute = 0; minute < 3 * 24 * 60; minute++) {
            learn(1000, 10_000 + minute, 60);
        }
        assertThat(past.stableMicros(Quantile.P50)).isBetween(13_800L, 14_600L);
    }

    private void learn(long answers, long micros, double seconds) {
        counts.clear();
        counts.add(LatencyScale.bucketOf(micros), answers);
        past.learn(counts, seconds);
    }

    private void uniform(long from, long to) {
        counts.clear();
        for (int i = 0; i < 10_000; i++) {
            counts.addMicros(from + (to - from) * i / 10_000);
        }
        past.learn(counts, 0.1);
    }
}
