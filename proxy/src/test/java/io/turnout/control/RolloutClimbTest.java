package io.turnout.control;

import static io.turnout.control.RunningControl.ANN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.RolloutStatus;
import io.turnout.rollout.Verb;
import io.turnout.testing.RawServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rollouts that climb by the judge's word, over counters and clocks that the test moves by hand. */
@Timeout(60)
class RolloutClimbTest {
    private static final String LIMIT = "guard: {stable: blue, errorRate: {max: 5%}, minRequests: 20}";

    @TempDir
    Path folder;

    private static String yaml(String steps) {
        return Yaml.split("{blue: 100, green: 0}\n    " + LIMIT + "\n    rollout: {canary: green, steps: [" + steps
                + "], hold: 30s, control: {hold: 10s}}");
    }

    private static void start(RunningControl running) {
        running.apply(new Command.SteerRollout("shop", Verb.START, null, ANN));
    }

    private static RolloutStatus rollout(RunningControl running) {
        return Objects.requireNonNull(running.route("shop").rollout());
    }

    /** Five seconds of traffic after the other, healthy on both sides, until the rollout moves on. */
    private static void serveUntilItMoves(RunningControl running) {
        HandTraffic traffic = new HandTraffic(running);
        RolloutStatus before = rollout(running);
        for (int i = 0; i < 100; i++) {
            RolloutStatus now = rollout(running);
            if (now.weight() != before.weight() || !Objects.equals(now.waitingFor(), before.waitingFor())) {
                return;
            }
            traffic.serve("green", 10, 0).serve("blue", 90, 0).look(Duration.ofSeconds(5));
        }
        throw new AssertionError("still " + rollout(running));
    }

    private static List<String> actions(RunningControl running) {
        return Settled.audit(running.control, 100).stream()
                .map(AuditEntry::action)
                .toList();
    }

    private static RawServer gate(String answer) {
        return RawServer.start(connection -> {
            while (!connection.readHead().isEmpty()) {
                connection.write(answer);
            }
        });
    }

    @Test
    void aHealthyCanaryClimbsToAllTrafficWithAControlShareBefore() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml("1%, 10%, 50%, 100%"))) {
            start(running);
            for (double weight : new double[] {0.01, 0.10, 0.50, 0.95}) {
                assertThat(rollout(running).weight()).isEqualTo(weight);
                serveUntilItMoves(running);
            }
            assertThat(rollout(running).phase()).isEqualTo("succeeded");
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 0, "green", 1_000_000));
            assertThat(actions(running))
                    .containsExactly(
                            "rollout.succeeded",
                            "rollout.promoting",
                            "rollout.step",
                            "rollout.step",
                            "rollout.step",
                            "rollout.started",
                            "start");
        }
    }

    @Test
    void aRestartInTheMiddleOfAStepResumesItWithItsWindowsAnew() throws Exception {
        RunningControl running = RunningControl.start(folder, yaml("10%, 50%"));
        start(running);
        serveUntilItMoves(running);
        HandTraffic traffic = new HandTraffic(running);
        for (int i = 0; i < 7; i++) {
            traffic.serve("green", 5, 0).serve("blue", 5, 0).look(Duration.ofSeconds(5));
        }
        assertThat(rollout(running).holdRemainingSeconds()).isZero();
        try (RunningControl again = running.restart(yaml("10%, 50%"))) {
            RolloutStatus status = rollout(again);
            assertThat(status.weight()).isEqualTo(0.5);
            assertThat(status.step()).isEqualTo(2);
            assertThat(status.holdRemainingSeconds()).as("earned time is kept").isZero();
            new HandTraffic(again).look(Duration.ofSeconds(2));
            assertThat(rollout(again).missing())
                    .anySatisfy(one -> assertThat(one).startsWith("50 more canary requests"));
            serveUntilItMoves(again);
            assertThat(rollout(again).phase()).isEqualTo("promoting");
        }
    }

    @Test
    void aBreachOnAStepRevertsInOneStepAndTellsWhy() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml("1%, 10%"))) {
            start(running);
            serveUntilItMoves(running);
            long before = running.control.generation();
            new HandTraffic(running)
                    .serve("green", 30, 30)
                    .serve("blue", 100, 0)
                    .look();

            await().untilAsserted(() -> assertThat(rollout(running).phase()).isEqualTo("reverted"));
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 1_000_000, "green", 0));
            assertThat(running.control.generation()).isEqualTo(before + 1);
            assertThat(actions(running).get(0)).isEqualTo("revert");
            assertThat(actions(running)).doesNotContain("rollout.reverted").containsOnlyOnce("revert");
            assertThat(Settled.audit(running.control, 1).get(0).reason()).startsWith("REVERTED shop at weight 10 %");
            assertThat(running.route("shop").guard().state()).isEqualTo("reverted");
        }
    }

    @Test
    void pausedItIsStillJudgedAndReverted() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml("1%, 10%"))) {
            start(running);
            running.apply(new Command.SteerRollout("shop", Verb.PAUSE, null, ANN));
            new HandTraffic(running)
                    .serve("green", 30, 30)
                    .serve("blue", 100, 0)
                    .look();
            await().untilAsserted(() -> assertThat(rollout(running).phase()).isEqualTo("reverted"));
        }
    }

    @Test
    void anIncidentOfBothSidesMovesNothing() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml("1%, 10%"))) {
            start(running);
            for (int i = 0; i < 20; i++) {
                new HandTraffic(running)
                        .serve("green", 30, 30)
                        .serve("blue", 100, 100)
                        .look(Duration.ofSeconds(3));
            }
            assertThat(rollout(running).phase()).isEqualTo("progressing");
            assertThat(rollout(running).weight()).isEqualTo(0.01);
            assertThat(actions(running)).contains("freeze");
        }
    }

    @Test
    void aGateThatHangsDoesNotDelayARevert() throws Exception {
        try (RawServer gate = RawServer.start(connection -> {
                    connection.readHead();
                    connection.read();
                });
                RunningControl running = RunningControl.start(
                        folder, yaml("1%, {weight: 10%, gate: {url: 'http://127.0.0.1:" + gate.port() + "/may'}}"))) {
            start(running);
            serveUntilItMoves(running);
            assertThat(rollout(running).waitingFor()).isEqualTo("http://127.0.0.1:" + gate.port() + "/may");
            await().until(() -> !gate.heads().isEmpty());

            new HandTraffic(running)
                    .serve("green", 30, 30)
                    .serve("blue", 100, 0)
                    .look();
            await().untilAsserted(() -> assertThat(rollout(running).phase()).isEqualTo("reverted"));
            assertThat(rollout(running).waitingFor()).isNull();
        }
    }

    @Test
    void aGateThatRefusesIsAskedAgainAndLetsThroughWhenItOpens() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (RawServer gate = RawServer.start(connection -> {
                    while (!connection.readHead().isEmpty()) {
                        boolean opens = asked.incrementAndGet() >= 2;
                        connection.write("HTTP/1.1 " + (opens ? "204 Yes" : "403 No") + "\r\nConnection: close\r\n"
                                + (opens ? "" : "Content-Length: 0\r\n") + "\r\n");
                        return;
                    }
                });
                RunningControl running = RunningControl.start(
                        folder,
                        yaml("{weight: 1%, gate: {url: 'http://127.0.0.1:" + gate.port() + "/may', interval: 5s}}"))) {
            start(running);
            assertThat(running.published("shop")).containsEntry("green", 0);
            await().until(() -> rollout(running).text().contains("refused: it answered 403"));
            assertThat(actions(running)).contains("rollout.gate-refused");
            HandTraffic traffic = new HandTraffic(running);
            await().until(() -> {
                traffic.look(Duration.ofSeconds(5));
                return rollout(running).weight() > 0;
            });
            assertThat(asked).hasValueGreaterThanOrEqualTo(2);
            assertThat(actions(running)).contains("rollout.gate-waiting", "rollout.gate-opened");
        }
    }

    @Test
    void aGateBeforeAllTrafficIsAskedAfterTheControlShare() throws Exception {
        try (RawServer gate = gate("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                RunningControl running = RunningControl.start(
                        folder,
                        yaml("50%, {weight: 100%, approval: true, gate: {url: 'http://127.0.0.1:" + gate.port()
                                + "/'}}"))) {
            start(running);
            serveUntilItMoves(running);
            assertThat(rollout(running).weight()).isEqualTo(0.95);
            HandTraffic traffic = new HandTraffic(running);
            await().until(() -> {
                traffic.serve("green", 10, 0).serve("blue", 10, 0).look(Duration.ofSeconds(5));
                return "approval".equals(rollout(running).waitingFor());
            });
            assertThat(gate.heads()).hasSize(1);
            running.apply(new Command.SteerRollout("shop", Verb.PROMOTE, null, ANN));
            assertThat(rollout(running).phase()).isEqualTo("succeeded");
        }
    }
}
