package io.turnout.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadThrottleTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void restsAsLongAsWhatWasReadIsWorth() {
        ReadThrottle throttle = new ReadThrottle(1000);

        assertThat(throttle.restNanos(500, 0)).isEqualTo(SECOND / 2);
        assertThat(throttle.restNanos(500, SECOND / 2)).isEqualTo(SECOND / 2);
    }

    @Test
    void savesUpRestsThatAreTooShortForATimer() {
        ReadThrottle throttle = new ReadThrottle(1_000_000);

        assertThat(throttle.restNanos(600, 0)).isZero();
        assertThat(throttle.restNanos(600, 0)).isEqualTo(1_200_000);
    }

    @Test
    void doesNotMakeUpForTimeThatPassedUnused() {
        ReadThrottle throttle = new ReadThrottle(1000);
        throttle.restNanos(500, 0);

        assertThat(throttle.restNanos(500, 10 * SECOND)).isEqualTo(SECOND / 2);
    }
}
