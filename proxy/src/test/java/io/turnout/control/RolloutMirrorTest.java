package io.turnout.control;

import static io.turnout.control.RunningControl.ANN;
import static io.turnout.control.ShadowAnswers.compare;
import static io.turnout.control.ShadowAnswers.compared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.adminapi.RolloutStatus;
import io.turnout.rollout.Verb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mirror as the stage before a rollout's first step, and as a reason to take the canary back. */
class RolloutMirrorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private static String yaml() {
        return Yaml.split(
                "{blue: 100, green: 0}\n    guard: {stable: blue, compare: {to: stable}}\n"
                        + "    mirror: {pool: red, compare: {}}\n"
                        + "    rollout: {canary: green, steps: [10%, 100%], mirror: {pool: red, minCompared: 20, maxDifferent: 10%}}");
    }

    private static RolloutStatus rollout(RunningControl running) {
        return Objects.requireNonNull(running.route("shop").rollout());
    }

    private static void awaitShare(RunningControl running, int canaryPpm) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(running.published("shop"))
                        .isEqualTo(Map.of("blue", 1_000_000 - canaryPpm, "green", canaryPpm)));
    }

    private static int copiedPpm(RunningControl running) {
        return running.control
                .published()
                .current()
                .routes()
                .get(0)
                .mirrors()
                .get(0)
                .sampling()
                .sharePpm();
    }

    @Test
    void theFirstStepWaitsForEnoughAnswersSinceTheStart() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml())) {
            compare(running, 50, 0);
            await().atMost(PATIENCE).until(() -> compared(running) == 50);
            running.apply(new Command.SteerRollout("shop", Verb.START, null, ANN));
            running.time.pass(Duration.ofSeconds(2));
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(rollout(running).waitingFor()).isEqualTo("mirror");
                assertThat(rollout(running).missing())
                        .anySatisfy(one -> assertThat(one).contains("mirror to red: 0 of 20 answers compared"));
            });
            compare(running, 19, 1);
            awaitShare(running, 100_000);
            // What is shown follows what is published.
            await().atMost(PATIENCE).until(() -> rollout(running).step() == 1);
            assertThat(copiedPpm(running)).isEqualTo(1_000_000);
        }
    }

    @Test
    void tooManyDifferencesHoldTheFirstStep() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml())) {
            running.apply(new Command.SteerRollout("shop", Verb.START, null, ANN));
            await().atMost(PATIENCE)
                    .until(() -> "mirror".equals(rollout(running).waitingFor()));
            compare(running, 15, 15);
            await().atMost(PATIENCE).until(() -> compared(running) == 30);
            running.time.pass(Duration.ofSeconds(2));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(rollout(running).missing())
                            .anySatisfy(one -> assertThat(one).contains("15 different (50.00 %, at most 10 %)")));
            awaitShare(running, 0);
        }
    }

    @Test
    void differencesUnderWayRevertAndTheMirrorStops() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml())) {
            running.apply(new Command.SteerRollout("shop", Verb.START, null, ANN));
            await().atMost(PATIENCE)
                    .until(() -> "mirror".equals(rollout(running).waitingFor()));
            compare(running, 20, 0);
            awaitShare(running, 100_000);
            compare(running, 0, 20);
            awaitShare(running, 0);
            assertThat(copiedPpm(running)).isZero();
            await().atMost(PATIENCE).until(() -> rollout(running).phase().equals("reverted"));
            assertThat(compared(running)).isEqualTo(40);
            assertThat(Settled.audit(running.control, 5).toString())
                    .contains("mirror to red: 40 of 20 answers compared");

            running.apply(new Command.SteerRollout("shop", Verb.RETRY, null, ANN));
            assertThat(copiedPpm(running)).isEqualTo(1_000_000);
        }
    }
}
