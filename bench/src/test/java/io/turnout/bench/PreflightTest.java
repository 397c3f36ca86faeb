package io.turnout.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnout.bench.machine.Cores;
import io.turnout.bench.machine.Noise;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.peer.Peers;
import io.turnout.bench.report.BenchResult;
import io.turnout.bench.report.Figure;
import io.turnout.bench.report.Round;
import io.turnout.bench.report.ScenarioResult;
import io.turnout.bench.scenario.Bench;
import io.turnout.bench.wire.HarnessLoop;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightTest {
    @Test
    void refusesAPortThatIsTakenAndSaysWhatToDo() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(HarnessLoop.loopback(0));
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> Preflight.requireFree(List.of(port)))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("port " + port + " is taken")
                    .hasMessageContaining("--base-port");
        }
        assertThatCode(() -> Preflight.requireFree(List.of(0))).doesNotThrowAnyException();
    }

    @Test
    void refusesCoresThatTheMachineHasNot() {
        assertThatThrownBy(() -> Preflight.requirePinning(new Cores(0, 4000)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("4000");
    }

    @Test
    void refusesWithoutTheJarAndSaysHowToBuildIt(@TempDir Path empty) {
        Path jar = empty.resolve("turnout.jar");

        assertThatThrownBy(() -> Preflight.versions(new Peers(jar, empty).named(List.of("turnout"))))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(jar.toString())
                .hasMessageContaining("mvn");
    }

    @Test
    void usesThreePortsForTheBackendsAndSixForEachPeer() {
        assertThat(Bench.ports(1000, 2)).hasSize(15).startsWith(1000).endsWith(1014);
    }

    @Test
    void publishesRoundsTableAndPlots(@TempDir Path folder) throws Exception {
        Round round = new Round(
                1,
                "turnout",
                Map.of(Figure.RSS_MAX_MIB, 99.0),
                new Noise(0, 0, 0),
                Map.of(),
                List.of(new Round.RssSample(0, 1), new Round.RssSample(1, 2)));
        BenchResult result = new BenchResult(
                Instant.parse("2026-11-21T10:00:00Z"),
                Map.of(),
                Map.of(),
                List.of(),
                "turnout",
                List.of(new ScenarioResult("big-bodies", "Big", List.of(Figure.RSS_MAX_MIB), List.of(round))),
                List.of(),
                List.of(),
                Optional.empty());

        Path table = new Publication(result).publish(folder);

        assertThat(table).hasFileName("2026-11-21-1000.md").content().contains("![2026-11-21-1000-big-bodies-memory]");
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "2026-11-21-1000.json",
                            "2026-11-21-1000.md",
                            "2026-11-21-1000-big-bodies.svg",
                            "2026-11-21-1000-big-bodies-memory.svg");
        }
    }
}
