package io.turnout.exchange.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a shadow that fails is left alone, and when it is asked again. */
class BreakerTest {
    private static final long SECOND = 1_000_000_000L;

    private final Breaker breaker = new Breaker();

    private void fail(int times, long nowNanos) {
        for (int i = 0; i < times; i++) {
            breaker.onFailed(nowNanos);
        }
    }

    @Test
    void opensAfterSoManyFailuresInARowOnly() {
        fail(Breaker.LIMIT - 1, 0);
        breaker.onAnswered();
        fail(Breaker.LIMIT - 1, 0);
        assertThat(breaker.admits(0)).isTrue();
        fail(1, 0);
        assertThat(breaker.admits(0)).isFalse();
    }

    @Test
    void letsOneProbeThroughAfterEachRestAndRestsLongerEachTime() {
        fail(Breaker.LIMIT, 0);
        assertThat(breaker.admits(SECOND - 1)).isFalse();
        assertThat(breaker.admits(SECOND)).isTrue();
        assertThat(breaker.admits(SECOND)).isFalse();
        fail(1, SECOND);
        assertThat(breaker.admits(3 * SECOND - 1)).isFalse();
        assertThat(breaker.admits(3 * SECOND)).isTrue();
        breaker.onAnswered();
        assertThat(breaker.isClosed()).isTrue();
    }

    @Test
    void copiesThatWereUnderWayDoNotMakeTheRestLonger() {
        fail(3 * Breaker.LIMIT, 0);
        assertThat(breaker.admits(SECOND)).isTrue();
    }

    @Test
    void aProbeThatSaysNothingIsFollowedByAnother() {
        fail(Breaker.LIMIT, 0);
        assertThat(breaker.admits(SECOND)).isTrue();
        breaker.onUndecided();
        assertThat(breaker.admits(SECOND)).isTrue();
    }

    @Test
    void theRestIsBounded() {
        long now = 0;
        fail(Breaker.LIMIT, now);
        for (int i = 0; i < 20; i++) {
            now += 32 * SECOND;
            assertThat(breaker.admits(now)).isTrue();
            fail(1, now);
        }
    }
}
