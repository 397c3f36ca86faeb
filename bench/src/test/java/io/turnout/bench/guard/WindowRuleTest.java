package io.turnout.bench.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WindowRuleTest {
    private final WindowRule rule = new WindowRule(new WindowRule.Limits(Duration.ofSeconds(60), 2, 0.97, 30));

    @Test
    void takesBackAfterSoManyFailedChecks() {
        assertThat(rule.check(new FaultyService.Tally(100, 4, 20))).isFalse();
        assertThat(rule.check(new FaultyService.Tally(100, 1, 20))).isFalse();
        assertThat(rule.check(new FaultyService.Tally(100, 0, 31))).isTrue();
    }

    @Test
    void saysNothingWithoutRequests() {
        assertThat(rule.check(new FaultyService.Tally(0, 0, 0))).isFalse();
        assertThat(rule.check(new FaultyService.Tally(0, 0, 0))).isFalse();
    }
}
