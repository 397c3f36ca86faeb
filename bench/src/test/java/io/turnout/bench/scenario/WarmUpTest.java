package io.turnout.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static double secondsWith(WarmUp warmUp, double... costs) {
        int slice = 0;
        while (warmUp.isNeeded()) {
            warmUp.onSlice(costs[Math.min(slice, costs.length - 1)]);
            slice++;
        }
        return warmUp.seconds();
    }

    @Test
    void endsWhenTheLeastTimeIsOverAndCostsAreSteady() {
        assertThat(secondsWith(new WarmUp(20, 60), 90, 30, 20, 20)).isEqualTo(20);
    }

    @Test
    void goesOnWhileCostsFall() {
        assertThat(secondsWith(new WarmUp(20, 60), 90, 60, 40, 30, 20, 19.9)).isEqualTo(30);
    }

    @Test
    void losesPatienceInTheEnd() {
        WarmUp warmUp = new WarmUp(20, 60);
        double cost = 1000;
        while (warmUp.isNeeded()) {
            warmUp.onSlice(cost);
            cost /= 2;
        }

        assertThat(warmUp.seconds()).isEqualTo(60);
    }

    @Test
    void isOverAtOnceWhenNoneIsWanted() {
        assertThat(new WarmUp(0, 0).isNeeded()).isFalse();
    }
}
