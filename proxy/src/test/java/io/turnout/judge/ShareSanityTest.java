package io.turnout.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ShareSanityTest {
    private final ShareSanity sanity = new ShareSanity();

    @Test
    void saysNothingBeforeTraffic() {
        assertThat(sanity.logOdds()).isZero();
    }

    @Test
    void trustsTheShareThatWasAskedFor() {
        for (int i = 0; i < 1000; i++) {
            sanity.add(.05, 5, 95);
        }
        assertThat(sanity.logOdds()).isNegative();
        assertThat(sanity.logOdds()).isLessThan(ShareSanity.LOG_ALARM);
    }

    @Test
    void alarmsWhenTheCanaryGetsTooMuch() {
        for (int i = 0; i < 10 && sanity.logOdds() < ShareSanity.LOG_ALARM; i++) {
            sanity.add(.05, 15, 85);
        }
        assertThat(sanity.logOdds()).isGreaterThanOrEqualTo(ShareSanity.LOG_ALARM);
    }

    @Test
    void keepsTheEvidenceOfEarlierWeights() {
        sanity.add(.05, 15, 85);
        double before = sanity.logOdds();
        sanity.add(.10, 10, 90);
        assertThat(sanity.logOdds()).isCloseTo(before + ShareSanity.logOdds(10, 100, .1), within(1e-12));
    }
}
