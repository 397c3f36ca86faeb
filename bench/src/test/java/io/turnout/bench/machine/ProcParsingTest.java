package io.turnout.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcParsingTest {
    @Test
    void addsUpOwnAndChildrensTimesWhateverTheNameHolds() {
        String stat = "4711 (odd) name (x) S 1 4711 4711 0 -1 4194560 100 200 0 0 150 50 7 3 20 0 1 0 99 1000 200";

        assertThat(ProcessTree.ticksOf(stat)).isEqualTo(150 + 50 + 7 + 3);
    }

    @Test
    void readsMemoryFieldsAndTakesAMissingProcessForNothing() {
        String status = "Name:\tx\nVmRSS:\t   12345 kB\nRssAnon:\t    1000 kB\n";

        assertThat(ProcessTree.kibOf(status, "VmRSS:")).isEqualTo(12345);
        assertThat(ProcessTree.kibOf(status, "RssAnon:")).isEqualTo(1000);
        assertThat(ProcessTree.kibOf(null, "VmRSS:")).isZero();
    }

    @Test
    void tellsTheReleaseOfTheKernelAndNotWhoBuiltIt() {
        String version = "Linux version 6.18.44-somewhere (builder@host) (gcc 12.2.0) #1 SMP Mon Nov 2";

        assertThat(MachineFacts.kernel(version)).isEqualTo("Linux 6.18.44");
        assertThat(MachineFacts.kernel("nothing of the kind")).isEqualTo("unknown");
    }

    @Test
    void tellsBusyFromStolenTimeOfOneCore() {
        String stat = "cpu  1 1 1 1 1 1 1 1 0 0\ncpu0 100 10 50 9000 7 5 35 20 3 0\ncpu1 1 0 0 0 0 0 0 0 0 0\n";

        assertThat(CoreTimes.parse(stat, 0)).isEqualTo(new CoreTimes(2.0, 0.2));
        assertThat(CoreTimes.parse(stat, 1)).isEqualTo(new CoreTimes(0.01, 0));
        assertThatThrownBy(() -> CoreTimes.parse(stat, 2)).hasMessageContaining("core 2");
    }

    @Test
    void callsNoiseWhatRanBesideTheProxyOnItsCore() {
        Noise noise = Noise.of(10, 8, new CoreTimes(8.5, 0.05), new CoreTimes(9, 0.2), 12);

        assertThat(noise.otherPercent()).isCloseTo(5, within(1e-9));
        assertThat(noise.stolenPercent()).isCloseTo(2, within(1e-9));
        assertThat(noise.isNoisy()).isTrue();
        assertThat(Noise.of(10, 8, new CoreTimes(7.99, 0), new CoreTimes(9, 0), 1)
                        .otherPercent())
                .as("a tick more on one side than on the other")
                .isZero();
    }

    @Test
    void seesItsOwnProcess() {
        ProcessTree self = new ProcessTree(ProcessHandle.current());

        assertThat(self.isAlive()).isTrue();
        assertThat(self.rssKib()).isGreaterThan(self.anonymousKib());
        assertThat(self.cpuSeconds()).isGreaterThan(0);
        assertThat(MachineFacts.onlineCores()).isPositive();
        assertThat(MachineFacts.openFilesLimit()).isPositive();
    }

    @Test
    void pinsCommandsToTheirCores() {
        Cores cores = new Cores(0, 1);

        assertThat(cores.pinnedToProxy(List.of("nginx"))).containsExactly("taskset", "-c", "0", "nginx");
        assertThat(cores.pinnedToHarness(List.of("wrk"))).containsExactly("taskset", "-c", "1", "wrk");
        assertThatThrownBy(() -> new Cores(1, 1)).hasMessageContaining("expected two");
    }
}
