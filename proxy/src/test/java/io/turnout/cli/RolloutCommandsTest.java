package io.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.admin.RunningAdmin;
import io.turnout.testing.RawServer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rollout and smoke commands against a real admin listener. */
@Timeout(60)
class RolloutCommandsTest {
    @TempDir
    private Path folder;

    private final RawServer green = RawServer.saying("green");
    private RunningAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = RunningAdmin.in(folder, """
                  - name: ladder
                    match: {host: ladder.example.com}
                    split: {weights: {blue: 100, tested: 0}}
                    guard: {stable: blue}
                    rollout: {canary: tested, steps: [10%%, 50%%], hold: 1h}
                    smoke: [{name: front, request: {path: /}}]
                """.replace("%%", "%").replace("tested", "green"));
    }

    @AfterEach
    void stop() {
        admin.close();
        green.close();
    }

    private Typed type(String... arguments) {
        return Typed.run(Stream.concat(Arrays.stream(arguments), Stream.of("--admin", admin.url()))
                .toArray(String[]::new));
    }

    private String phase() {
        return Objects.requireNonNull(
                        Objects.requireNonNull(admin.control().route("ladder")).rollout())
                .phase();
    }

    @Test
    void verbsAndTheirShortFormsSteerTheRollout() {
        assertThat(type("rollout", "start", "ladder", "-r", "release 2.4").out())
                .contains("progressing", "10 %");
        assertThat(type("pause", "ladder").exitCode()).isZero();
        assertThat(phase()).isEqualTo("paused");
        assertThat(type("resume", "ladder").exitCode()).isZero();
        assertThat(type("promote", "ladder", "--from-step", "1").out()).contains("50 %");
        assertThat(type("promote", "ladder", "--from-step", "1").out()).contains("nothing to do");
        assertThat(type("promote", "ladder", "--full").exitCode()).isZero();
        assertThat(phase()).isEqualTo("succeeded");
        assertThat(type("revert", "ladder").exitCode()).isZero();
        assertThat(type("rollout", "retry", "ladder").exitCode()).isZero();
        assertThat(phase()).isEqualTo("progressing");
    }

    @Test
    void aVerbInTheWrongPhaseIsAConflictThatNamesTheOthers() {
        Typed typed = type("pause", "ladder");
        assertThat(typed.exitCode()).isEqualTo(ExitCode.CONFLICT);
        assertThat(typed.err()).contains("pause of a rollout that is pending", "one of: start, revert");
    }

    @Test
    void statusTellsWhereItStandsAndWhatComesNext() {
        type("rollout", "start", "ladder");
        Typed typed = type("rollout", "status", "ladder");
        assertThat(typed.out())
                .contains("progressing, step 1 of 3, green at 10.00 %", "next   50 %", "current", "ahead");
        JsonNode json = new JsonMapper()
                .readTree(type("rollout", "status", "ladder", "-o", "json").out());
        assertThat(json.get("holdRemainingSeconds").asLong()).isEqualTo(3600);
        assertThat(type("status").out()).contains("rollout progressing, step 1 of 3");
        assertThat(type("rollout", "status", "shop").err()).contains("route shop has no rollout");
    }

    @Test
    void waitEndsWithTheRolloutOrWithItsTime() {
        type("rollout", "start", "ladder");
        assertThat(type("rollout", "wait", "ladder", "--timeout", "10ms").exitCode())
                .isEqualTo(ExitCode.TIMED_OUT);
        type("promote", "ladder", "--full");
        assertThat(type("rollout", "wait", "ladder").exitCode()).isZero();
        type("revert", "ladder", "-r", "broken");
        Typed reverted = type("rollout", "wait", "ladder");
        assertThat(reverted.exitCode()).isEqualTo(ExitCode.NEGATIVE);
        assertThat(reverted.out()).contains("reverted", "broken");
    }

    @Test
    void smokeTellsEachCaseAndFailsWhenOneFailed() {
        Typed typed = type("smoke", "ladder");
        assertThat(typed.exitCode()).isEqualTo(ExitCode.NEGATIVE);
        assertThat(typed.out()).contains("pool green", "front", "FAILED: no connection");
        assertThat(type("switch", "ladder", "green").err()).contains("smoke: failed");
        assertThat(type("smoke", "shop").exitCode()).isEqualTo(ExitCode.CONFLICT);
    }
}
