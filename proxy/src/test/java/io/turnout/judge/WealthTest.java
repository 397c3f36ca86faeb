package io.turnout.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.turnout.judge.plan.SplitMix;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class WealthTest {
    private final long seed = Seeds.seed();
    private final SplitMix random = new SplitMix(seed);

    @Test
    void isExactlyOneUntilThereIsTraffic() {
        ErrorBet bet = bet();
        for (int i = 0; i < 1000; i++) {
            bet.wealth().pass(.1);
            bet.settle(.05, 0, 0, 0, 1.5, 1.5);
        }
        assertThat(bet.wealth().logTotal()).isEqualTo(0.0);
    }

    @Test
    void weightZeroAndOneChangeNothing() {
        ErrorBet bet = bet();
        bet.settle(0, 1000, 0, 50, 1, 1);
        bet.settle(1, 1000, 50, 0, 1, 1);
        var latency = new LatencyBet(.9, Experts.latencyOdds());
        latency.settle(0, 0, 0, 100, 10);
        latency.settle(1, 100, 50, 0, 0);
        var promotion = new PromotionBet(1.5, .01, Experts.promotionStakes());
        promotion.settle(1, 1000, 0, 0);
        assertThat(bet.wealth().logTotal()).isEqualTo(0.0);
        assertThat(latency.wealth().logTotal()).isEqualTo(0.0);
        assertThat(promotion.wealth().logTotal()).isEqualTo(0.0);
    }

    @Test
    void twoTicksWithoutTimeBetweenThemEqualOne() {
        for (int i = 0; i < 200; i++) {
            double w = .01 + .9 * random.nextDouble();
            int[] first = counts();
            int[] second = counts();
            ErrorBet apart = bet();
            apart.settle(w, first[0], first[1], first[2], 1.2, 1.3);
            apart.settle(w, second[0], second[1], second[2], 1.2, 1.3);
            ErrorBet together = bet();
            together.settle(w, first[0] + second[0], first[1] + second[1], first[2] + second[2], 1.2, 1.3);
            assertThat(apart.wealth().logTotal())
                    .as("seed %d", seed)
                    .isCloseTo(together.wealth().logTotal(), tolerance(together));
        }
    }

    @Test
    void orderOfProxiesWithinATickDoesNotMatter() {
        for (int i = 0; i < 200; i++) {
            int[] first = counts();
            int[] second = counts();
            ErrorBet forward = bet();
            forward.settle(.01, first[0], first[1], first[2], 1, 1);
            forward.settle(.10, second[0], second[1], second[2], 1, 1);
            ErrorBet backward = bet();
            backward.settle(.10, second[0], second[1], second[2], 1, 1);
            backward.settle(.01, first[0], first[1], first[2], 1, 1);
            assertThat(forward.wealth().logTotal())
                    .as("seed %d", seed)
                    .isCloseTo(backward.wealth().logTotal(), tolerance(backward));
        }
    }

    @Test
    void cashFlowInManySmallStepsEqualsOneLargeStep() {
        ErrorBet small = bet();
        ErrorBet large = bet();
        for (int i = 0; i < 6000; i++) {
            small.wealth().pass(.1);
            small.wealth().leader();
        }
        large.wealth().pass(600);
        small.settle(.05, 100, 5, 1, 1, 1);
        large.settle(.05, 100, 5, 1, 1, 1);
        assertThat(small.wealth().logTotal()).isCloseTo(large.wealth().logTotal(), within(1e-9));
    }

    @Test
    void dispersionOneEqualsThePlainBet() {
        for (int i = 0; i < 1000; i++) {
            double w = .001 + .99 * random.nextDouble();
            double[][] stakes = bet().stakes(w, 1, 1);
            double[] ratios = Experts.errorRatios().values();
            for (int k = 0; k < ratios.length; k++) {
                double b = (1.1 * w + 1 - w) / (1.1 * ratios[k] * w + 1 - w);
                assertThat(stakes[1][k]).as("seed %d w %s", seed, w).isCloseTo(Math.log(b), within(1e-11));
                assertThat(stakes[0][k]).isCloseTo(Math.log(ratios[k] * b), within(1e-12));
            }
        }
    }

    @Test
    void bothArmsFailingAlikeNeverReachesTheLimit() {
        for (double rate : new double[] {.01, .1, .5, 1}) {
            ErrorBet bet = bet();
            for (int i = 0; i < 10_000; i++) {
                bet.wealth().pass(.1);
                bet.settle(.1, 1000, Math.round(100 * rate), Math.round(900 * rate), 1, 1);
                assertThat(bet.wealth().logTotal()).isLessThan(Math.log(100));
            }
        }
    }

    @Test
    void anAncientExcessIsCutButNotTheEvidenceBelowTheCap() {
        var bet = new AbsoluteBet(.05, Experts.errorRatesAbove(.05), Math.log(10_000));
        bet.settle(100_000, 100_000);
        assertThat(bet.wealth().logTotal()).isCloseTo(Math.log(10_000), within(1e-9));
        bet.settle(400, 0);
        assertThat(bet.wealth().logTotal()).isLessThan(Math.log(10));
    }

    private int[] counts() {
        int requests = random.nextInt(2000);
        return new int[] {requests, random.nextInt(1 + requests / 50), random.nextInt(1 + requests / 20)};
    }

    private static ErrorBet bet() {
        return new ErrorBet(1.1, .0005, Experts.errorRatios());
    }

    private static Offset<Double> tolerance(ErrorBet bet) {
        return within(1e-9 * Math.max(1, Math.abs(bet.wealth().logTotal())));
    }
}
