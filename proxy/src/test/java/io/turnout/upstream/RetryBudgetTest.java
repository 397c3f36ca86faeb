package io.turnout.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private static final int FIFTH = 200_000;
    private static final long TICK_NANOS = 100_000_000;

    private final RetryBudget budget = new RetryBudget(0);
    private long nowNanos;

    /** So many ticks with so many requests each, all of which fail; answers how many were made again. */
    private int outage(int ticks, int requestsEach, int sharePpm) {
        int retried = 0;
        for (int i = 0; i < ticks; i++) {
            for (int j = 0; j < requestsEach; j++) {
                budget.onRequest();
                retried += retry(sharePpm);
            }
            pass(TICK_NANOS);
        }
        return retried;
    }

    private int retry(int sharePpm) {
        if (!budget.allows(sharePpm)) {
            return 0;
        }
        budget.onRetry();
        return 1;
    }

    private int retryAll(int sharePpm) {
        int retried = 0;
        while (retried < 100_000 && retry(sharePpm) == 1) {
            retried++;
        }
        return retried;
    }

    private void pass(long nanos) {
        nowNanos += nanos;
        budget.onTick(nowNanos);
    }

    @Test
    void aFewMayBeRetriedHoweverLittleIsAsked() {
        assertThat(retryAll(FIFTH)).isEqualTo(10);
        pass(2 * TICK_NANOS);
        assertThat(retryAll(FIFTH)).isZero();
    }

    @Test
    void noShareLeavesTheFew() {
        for (int i = 0; i < 1000; i++) {
            budget.onRequest();
        }
        assertThat(retryAll(0)).isEqualTo(10);
    }

    @Test
    void whatAMemberHeldWhenItDiedIsRetriedAtOnce() {
        for (int i = 0; i < 1000; i++) {
            budget.onRequest();
        }
        assertThat(retryAll(FIFTH)).isEqualTo(200);
    }

    @Test
    void theShareHoldsHoweverLongAFaultLasts() {
        outage(100, 100, FIFTH);
        assertThat(outage(1000, 100, FIFTH)).isBetween(19_990, 20_010);
    }

    @Test
    void aHundredthOfTheTrafficThatFailsIsAllRetried() {
        for (int i = 0; i < 1000; i++) {
            for (int j = 0; j < 100; j++) {
                budget.onRequest();
            }
            assertThat(retry(FIFTH)).isEqualTo(1);
            pass(TICK_NANOS);
        }
    }

    @Test
    void trafficOfLongAgoIsForgotten() {
        for (int i = 0; i < 1000; i++) {
            budget.onRequest();
        }
        pass(10_000_000_000L);
        assertThat(retryAll(FIFTH)).isEqualTo(73);
        pass(100_000_000_000L);
        assertThat(retryAll(FIFTH)).isEqualTo(9);
    }

    @Test
    void aClockThatStandsStillForgetsNothing() {
        for (int i = 0; i < 1000; i++) {
            budget.onRequest();
        }
        pass(0);
        assertThat(retryAll(FIFTH)).isEqualTo(200);
    }
}
