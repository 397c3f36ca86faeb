package io.turnout.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.turnout.judge.plan.SplitMix;
import org.junit.jupiter.api.Test;

class DispersionTest {
    private final HostCounts hosts = new HostCounts();

    @Test
    void followsTheFormulaForHostsWithEqualTraffic() {
        var dispersion = new Dispersion(1.5);
        block(dispersion, 1000, 0, 0, 12);
        block(dispersion, 1000, 2, 2, 2);
        // Block 1: mean 4, squares 16 + 16 + 64 over 2; block 2: mean 2, no spread.
        assertThat(dispersion.stable()).isCloseTo((1 + 48.0) / (1 + 6.0), within(1e-12));
    }

    @Test
    void evenlySpreadErrorsShowNoDispersion() {
        var dispersion = new Dispersion(1.5);
        block(dispersion, 1000, 5, 5, 5);
        assertThat(dispersion.stable()).isEqualTo(1);
    }

    @Test
    void independentErrorsUnderUnequalTrafficShowHardlyAny() {
        long seed = Seeds.seed();
        var random = new SplitMix(seed);
        var dispersion = new Dispersion(1.5);
        for (int block = 0; block < 400; block++) {
            hosts.arrange(3, 1);
            int[] traffic = {200, 1000, 5000};
            for (int host = 0; host < 3; host++) {
                int errors = 0;
                for (int i = 0; i < traffic[host]; i++) {
                    errors += random.nextDouble() < .01 ? 1 : 0;
                }
                hosts.add(host, traffic[host], errors);
            }
            dispersion.learn(hosts, 30);
        }
        assertThat(dispersion.stable()).as("seed %d", seed).isBetween(1.0, 1.15);
    }

    @Test
    void singleHostIsTakenForWhatIsConfigured() {
        var dispersion = new Dispersion(1.5);
        block(dispersion, 1000, 7);
        assertThat(dispersion.stable()).isEqualTo(1.5);
    }

    @Test
    void canaryHostsBurstInProportionToTheirTraffic() {
        var dispersion = new Dispersion(2);
        assertThat(dispersion.canary(.5, 1, 1)).isEqualTo(2);
        assertThat(dispersion.canary(.1, 1, 9)).isCloseTo(2, within(1e-12));
        assertThat(dispersion.canary(.01, 1, 9)).isCloseTo(1 + .01 / .11, within(1e-12));
    }

    @Test
    void openBlockShowsWithinASecond() {
        var dispersion = new Dispersion(1.5);
        hosts.arrange(3, 1);
        hosts.add(0, 100, 0);
        hosts.add(1, 100, 0);
        hosts.add(2, 100, 30);
        dispersion.learn(hosts, .5);
        assertThat(dispersion.stable()).isEqualTo(1);
        hosts.clear();
        dispersion.learn(hosts, .6);
        assertThat(dispersion.stable()).isGreaterThan(10);
    }

    @Test
    void newSetOfEndpointsBeginsANewBlock() {
        var dispersion = new Dispersion(1.5);
        hosts.arrange(2, 1);
        hosts.add(0, 100, 10);
        hosts.add(1, 100, 10);
        dispersion.learn(hosts, 10);
        hosts.arrange(12, 2);
        hosts.add(11, 100, 0);
        dispersion.learn(hosts, 10);
        assertThat(dispersion.stable()).isEqualTo(1);
    }

    private void block(Dispersion dispersion, long requests, long... errors) {
        hosts.arrange(errors.length, 1);
        for (int host = 0; host < errors.length; host++) {
            hosts.add(host, requests, errors[host]);
        }
        dispersion.learn(hosts, 30);
    }
}
