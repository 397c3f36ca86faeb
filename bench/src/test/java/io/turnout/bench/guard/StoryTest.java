package io.turnout.bench.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StoryTest {
    private static final Duration LATE = Duration.ofSeconds(60);

    private static Story named(String name) {
        return Story.all(LATE).stream()
                .filter(story -> story.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theLateChangeComesWhenItIsDueAndToTheCanaryOnly() {
        Story late = named("late");

        assertThat(late.canary().at(LATE.minusNanos(1), 1).errorShare()).isEqualTo(0.01);
        assertThat(late.canary().at(LATE, 1).errorShare()).isEqualTo(0.05);
        assertThat(late.stable().at(LATE, 1).errorShare()).isEqualTo(0.01);
    }

    @Test
    void anOutageHitsBothSidesAndEnds() {
        Story outage = named("outage");

        assertThat(outage.stable().at(Duration.ofSeconds(20), 1).errorShare()).isEqualTo(0.5);
        assertThat(outage.canary().at(Duration.ofSeconds(20), 1).errorShare()).isEqualTo(0.5);
        assertThat(outage.canary().at(Duration.ofSeconds(45), 1).errorShare()).isEqualTo(0.01);
    }

    @Test
    void aColdCanaryGetsWarm() {
        Story cold = named("cold");

        assertThat(cold.canary().at(Duration.ZERO, 300).slowness()).isEqualTo(5);
        assertThat(cold.canary().at(Duration.ZERO, 301).slowness()).isEqualTo(1);
    }

    @Test
    void answersFailAndStallAsOftenAsTheirMannerSays() {
        Manner manner = Manner.healthy(0.05).stallingIn(0.02);
        SplittableRandom random = new SplittableRandom(7);
        int draws = 100_000;

        long errors =
                IntStream.range(0, draws).filter(i -> manner.drawError(random)).count();
        double[] millis = DoubleStream.generate(() -> manner.drawMillis(random))
                .limit(draws)
                .toArray();

        assertThat(errors / (double) draws).isBetween(0.045, 0.055);
        assertThat(DoubleStream.of(millis).min().orElseThrow()).isGreaterThanOrEqualTo(5);
        assertThat(DoubleStream.of(millis).filter(m -> m > Manner.STALL_MILLIS).count() / (double) draws)
                .isBetween(0.017, 0.023);
    }
}
