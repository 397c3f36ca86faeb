package io.turnout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlidingThresholdsTest {
    private static final long TICK = 100_000_000L;
    private final ArmSample arm = new ArmSample();

    @Test
    void isSilentBelowTheFloorOfRequests() {
        var window = new SlidingThresholds(errors(.05, 1));
        add(window, 19, 19);
        assertThat(window.breached()).isFalse();
        add(window, 1, 1);
        assertThat(window.breached()).isTrue();
    }

    @Test
    void exactlyTheLimitIsNoBreach() {
        var window = new SlidingThresholds(errors(.05, 1));
        add(window, 100, 5);
        assertThat(window.breached()).isFalse();
        assertThat(window.describeBreach()).isNull();
        add(window, 0, 0);
        add(window, 1, 1);
        assertThat(window.breached()).isTrue();
        assertThat(window.describeBreach()).isEqualTo(new Cause.ErrorRate(6, 101, .05, Duration.ofSeconds(10)));
    }

    @Test
    void errorsLeaveTheWindowAfterItsLength() {
        var window = new SlidingThresholds(errors(.05, 1));
        add(window, 100, 50);
        for (int tick = 0; tick < 94; tick++) {
            add(window, 1, 0);
            assertThat(window.breached()).as("tick %d", tick).isTrue();
        }
        for (int tick = 0; tick < 11; tick++) {
            add(window, 1, 0);
        }
        assertThat(window.breached()).isFalse();
    }

    @Test
    void consecutiveMeansWithoutAPassInBetween() {
        var window = new SlidingThresholds(errors(.5, 3));
        // Checks are half a second apart: a breach of 0.9 s is two checks, then one good tick starts anew.
        for (int round = 0; round < 5; round++) {
            add(window, 100, 100);
            for (int tick = 0; tick < 9; tick++) {
                add(window, 0, 0);
                assertThat(window.breached()).isFalse();
            }
            add(window, 10_000, 0);
            for (int tick = 0; tick < 105; tick++) {
                add(window, 0, 0);
            }
        }
        add(window, 100, 100);
        for (int tick = 0; tick < 9; tick++) {
            add(window, 0, 0);
        }
        assertThat(window.breached()).isFalse();
        add(window, 0, 0);
        assertThat(window.breached()).isTrue();
    }

    @Test
    void quantileAboveItsLimitIsABreachWithTheLatencySeen() {
        var limit = new LatencyLimit("p90", .9, 300_000);
        var window = new SlidingThresholds(new Thresholds(null, List.of(limit), Duration.ofSeconds(10), 20, 1));
        addLatencies(window, 90, 10_000, 10, 400_000);
        assertThat(window.breached()).as("exactly 10 % above the limit").isFalse();
        addLatencies(window, 0, 10_000, 1, 400_000);
        assertThat(window.breached()).isTrue();
        assertThat(window.describeBreach()).isInstanceOfSatisfying(Cause.Latency.class, cause -> {
            assertThat(cause.micros()).isBetween(400_000L, 407_000L);
            assertThat(cause.answers()).isEqualTo(101);
        });
    }

    @Test
    void timeoutsAreSlowerThanAnyLimit() {
        var limit = new LatencyLimit("p50", .5, 3_600_000_000L);
        var window = new SlidingThresholds(new Thresholds(null, List.of(limit), Duration.ofSeconds(10), 1, 1));
        arm.clear();
        arm.latency().addTimeout();
        window.add(arm, TICK);
        assertThat(window.breached()).isTrue();
    }

    @Test
    void aLongPauseEmptiesTheWindow() {
        var window = new SlidingThresholds(errors(.05, 1));
        add(window, 100, 100);
        arm.clear();
        window.add(arm, Duration.ofHours(3).toNanos());
        assertThat(window.breached()).isFalse();
    }

    private static Thresholds errors(double max, int consecutive) {
        return new Thresholds(max, List.of(), Duration.ofSeconds(10), 20, consecutive);
    }

    private void add(SlidingThresholds window, long requests, long errors) {
        arm.clear();
        arm.answered(requests, errors);
        window.add(arm, TICK);
    }

    private void addLatencies(SlidingThresholds window, int fast, long fastMicros, int slow, long slowMicros) {
        arm.clear();
        for (int i = 0; i < fast; i++) {
            arm.latency().addMicros(fastMicros);
        }
        for (int i = 0; i < slow; i++) {
            arm.latency().addMicros(slowMicros);
        }
        window.add(arm, TICK);
    }
}
