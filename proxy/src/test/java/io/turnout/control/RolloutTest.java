package io.turnout.control;

import static io.turnout.control.RunningControl.ANN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.RolloutStatus;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.rollout.Verb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rollouts as control runs them: verbs, weights, journal, reload and restart. Traffic is counted by hand. */
class RolloutTest {
    private static final String GUARD = "guard: {stable: blue, compare: {to: stable}}";
    private static final String STEPS = "rollout: {canary: green, steps: [1%, 10%, 50%, 100%], hold: 2m}";

    @TempDir
    Path folder;

    private static String yaml(int blue, int green, String rollout) {
        return Yaml.split("{blue: " + blue + ", green: " + green + "}\n    " + GUARD + "\n    " + rollout);
    }

    private static String yaml() {
        return yaml(100, 0, STEPS);
    }

    private static Command verb(Verb verb) {
        return new Command.SteerRollout("shop", verb, null, ANN);
    }

    private static RolloutStatus rollout(RunningControl running) {
        return Objects.requireNonNull(running.route("shop").rollout());
    }

    private static String phase(RunningControl running) {
        return rollout(running).phase();
    }

    private static void assertShare(RunningControl running, int canaryPpm) {
        assertThat(running.published("shop")).isEqualTo(Map.of("blue", 1_000_000 - canaryPpm, "green", canaryPpm));
    }

    private static List<String> actions(RunningControl running) {
        return Settled.audit(running.control, 100).stream()
                .map(AuditEntry::action)
                .toList();
    }

    private static RunningControl atStepTwo(Path folder) throws Exception {
        RunningControl running = RunningControl.start(folder, yaml());
        running.apply(verb(Verb.START));
        running.apply(verb(Verb.PROMOTE));
        assertShare(running, 100_000);
        return running;
    }

    /** The guard's word: the canary is bad. */
    private static void breach(RunningControl running) {
        running.apply(new Command.RevertVariant(
                "shop",
                "green",
                "blue",
                "REVERTED shop\n  at length",
                Cause.of("guard", Cause.SELF).because("bad")));
    }

    @Test
    void waitsToBeStartedWithTheWeightsOfTheFile() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml(95, 5, STEPS))) {
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 95, "green", 5));
            RolloutStatus status = rollout(running);
            assertThat(status.phase()).isEqualTo("pending");
            assertThat(status.step()).isZero();
            assertThat(status.of()).isEqualTo(4);
            assertThat(status.since()).isNull();
            assertThat(status.next()).isEqualTo("waits to be started; then 1 %");
            assertThat(status.allowed()).containsExactly("start", "revert");
        }
    }

    @Test
    void verbsMoveTheWeightsAndTheStatusInOneStep() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml())) {
            CommandResult.Applied started = running.apply(verb(Verb.START));
            assertThat(started.changed()).isTrue();
            assertShare(running, 10_000);
            RolloutStatus status = rollout(running);
            assertThat(status.phase()).isEqualTo("progressing");
            assertThat(status.step()).isEqualTo(1);
            assertThat(status.weight()).isEqualTo(0.01);
            assertThat(status.holdRemainingSeconds()).isEqualTo(120);
            assertThat(running.route("shop").override().kind()).isEqualTo("rollout");
            long generation = running.control.generation();

            assertThat(running.apply(verb(Verb.START)).changed()).isFalse();
            assertThat(running.control.generation()).isEqualTo(generation);

            running.apply(verb(Verb.PAUSE));
            assertThat(phase(running)).isEqualTo("paused");
            assertShare(running, 10_000);
            running.apply(verb(Verb.RESUME));
            running.apply(verb(Verb.PROMOTE));
            assertShare(running, 100_000);
            assertThat(rollout(running).step()).isEqualTo(2);
            running.apply(verb(Verb.PROMOTE_FULL));
            assertShare(running, 1_000_000);
            assertThat(phase(running)).isEqualTo("succeeded");
            assertThat(rollout(running).step()).isEqualTo(4);
            running.apply(verb(Verb.REVERT));
            assertShare(running, 0);
            assertThat(phase(running)).isEqualTo("reverted");
            assertThat(running.route("shop").override().kind()).isEqualTo("revert");
            running.apply(verb(Verb.RETRY));
            assertShare(running, 10_000);
            assertThat(actions(running).subList(0, 3)).containsExactly("rollout.step", "rollout.started", "revert");
        }
    }

    @Test
    void refusesAVerbInTheWrongPhaseAndNamesTheOnesThatAreAllowed() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml())) {
            Refused refused = running.refuse(verb(Verb.PAUSE));
            assertThat(refused.kind()).isEqualTo(Kind.WRONG_PHASE);
            assertThat(refused.found()).isEqualTo("pause of a rollout that is pending");
            assertThat(refused.expected()).isEqualTo("one of: start, revert");
        }
    }

    @Test
    void refusesVerbsForARouteWithoutRollout() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml())) {
            assertThat(running.refuse(new Command.SteerRollout("blog", Verb.START, null, ANN))
                            .kind())
                    .isEqualTo(Kind.NOT_ALLOWED);
            assertThat(running.refuse(new Command.SteerRollout("shoop", Verb.START, null, ANN))
                            .kind())
                    .isEqualTo(Kind.UNKNOWN_ROUTE);
        }
    }

    @Test
    void aRepeatedPromotionFromTheSameStepDoesNotGoTwoSteps() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml())) {
            running.apply(verb(Verb.START));
            var promote = new Command.SteerRollout("shop", Verb.PROMOTE, 1, ANN);
            assertThat(running.apply(promote).changed()).isTrue();
            assertThat(running.apply(promote).changed()).isFalse();
            assertShare(running, 100_000);
        }
    }

    @Test
    void aBreachRevertsAndStaysRevertedOverRestartAndUnrelatedReload() throws Exception {
        RunningControl running = atStepTwo(folder);
        breach(running);
        assertShare(running, 0);
        assertThat(phase(running)).isEqualTo("reverted");
        assertThat(Settled.audit(running.control, 1).get(0).reason()).startsWith("REVERTED shop");
        try (RunningControl again = running.restart(yaml())) {
            assertShare(again, 0);
            assertThat(phase(again)).isEqualTo("reverted");
            again.reload(yaml().replace(
                            "blog\n    match: {path: {prefix: /blog}}", "blog\n    match: {path: {prefix: /b}}"));
            assertShare(again, 0);
            assertThat(phase(again)).isEqualTo("reverted");
            assertThat(again.route("shop").override().kind()).isEqualTo("revert");
        }
    }

    @Test
    void aRestartResumesTheStep() throws Exception {
        RunningControl running = atStepTwo(folder);
        try (RunningControl again = running.restart(yaml())) {
            assertShare(again, 100_000);
            assertThat(phase(again)).isEqualTo("progressing");
            assertThat(rollout(again).step()).isEqualTo(2);
        }
    }

    @Test
    void aRestartKeepsAPause() throws Exception {
        RunningControl running = atStepTwo(folder);
        running.apply(verb(Verb.PAUSE));
        try (RunningControl again = running.restart(yaml())) {
            assertThat(phase(again)).isEqualTo("paused");
            assertShare(again, 100_000);
        }
    }

    @Test
    void aChangedSplitSupersedesAndTheFileIsInForce() throws Exception {
        try (RunningControl running = atStepTwo(folder)) {
            running.reload(yaml(90, 10, STEPS));
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 90, "green", 10));
            assertThat(phase(running)).isEqualTo("superseded");
            assertThat(running.route("shop").override()).isNull();
            running.apply(verb(Verb.START));
            assertShare(running, 10_000);
        }
    }

    @Test
    void aChangedRolloutSupersedes() throws Exception {
        try (RunningControl running = atStepTwo(folder)) {
            running.reload(yaml(100, 0, STEPS.replace("50%", "60%")));
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 100, "green", 0));
            assertThat(phase(running)).isEqualTo("superseded");
        }
    }

    @Test
    void aRolloutThatLeavesTheFileLeavesTheWeightsToTheFile() throws Exception {
        try (RunningControl running = atStepTwo(folder)) {
            running.reload(yaml(100, 0, ""));
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 100, "green", 0));
            assertThat(running.route("shop").rollout()).isNull();
        }
    }

    @Test
    void aFileThatChangedWhileNothingRanSupersedes() throws Exception {
        RunningControl running = atStepTwo(folder);
        try (RunningControl again = running.restart(yaml(100, 0, STEPS.replace("50%", "60%")))) {
            assertThat(again.published("shop")).isEqualTo(Map.of("blue", 100, "green", 0));
            assertThat(phase(again)).isEqualTo("superseded");
        }
    }

    @Test
    void reloadsOfOtherRoutesLeaveItAlone() throws Exception {
        try (RunningControl running = atStepTwo(folder)) {
            running.reload(yaml().replace("split: {blue: 1, red: 1}", "split: {blue: 2, red: 1}"));
            assertShare(running, 100_000);
            assertThat(phase(running)).isEqualTo("progressing");
        }
    }

    @Test
    void anEndedRolloutWaitsAnewWhenTheFileTakesOver() throws Exception {
        try (RunningControl running = atStepTwo(folder)) {
            running.apply(verb(Verb.PROMOTE_FULL));
            running.reload(yaml(0, 100, STEPS));
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 0, "green", 100));
            assertThat(phase(running)).isEqualTo("pending");
        }
    }

    @Test
    void weightsByHandPauseItThere() throws Exception {
        try (RunningControl running = atStepTwo(folder)) {
            running.weights("shop", Map.of("blue", 80, "green", 20));
            assertShare(running, 200_000);
            assertThat(phase(running)).isEqualTo("paused");
        }
    }

    @Test
    void aSwitchOrTheEndOfTheOverrideSupersedes() throws Exception {
        try (RunningControl running = atStepTwo(folder)) {
            running.apply(new Command.SwitchTo("shop", "blue", Command.Preconditions.CHECKED, ANN));
            assertThat(phase(running)).isEqualTo("superseded");
            running.apply(verb(Verb.START));
            running.apply(new Command.ClearOverride("shop", ANN));
            assertThat(phase(running)).isEqualTo("superseded");
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 100, "green", 0));
        }
    }

    @Test
    void otherVariantsKeepTheirShare() throws Exception {
        String three = Yaml.split("{blue: 80, green: 0, red: 20}\n    " + GUARD + "\n    " + STEPS);
        try (RunningControl running = RunningControl.start(folder, three)) {
            running.apply(verb(Verb.START));
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 792_000, "green", 8_000, "red", 200_000));
        }
    }

    @Test
    void anApprovalIsWaitedForAndGivenByPromotion() throws Exception {
        String approved = "rollout: {canary: green, steps: [{weight: 1%, approval: true}, 100%], hold: 0s}";
        try (RunningControl running = RunningControl.start(folder, yaml(100, 0, approved))) {
            running.apply(verb(Verb.START));
            assertShare(running, 0);
            RolloutStatus status = rollout(running);
            assertThat(status.phase()).isEqualTo("progressing");
            assertThat(status.waitingFor()).isEqualTo("approval");
            assertThat(status.next()).isEqualTo("1 %, when somebody approves (promote)");
            running.apply(verb(Verb.PROMOTE));
            assertShare(running, 10_000);
            assertThat(rollout(running).step()).isEqualTo(1);
        }
    }

    @Test
    void saysWhatIsMissingWhileNothingComes() throws Exception {
        try (RunningControl running = atStepTwo(folder)) {
            running.time.pass(Duration.ofSeconds(2));
            await().untilAsserted(() -> assertThat(rollout(running).missing())
                    .anySatisfy(one -> assertThat(one).contains("50 more canary requests, and none are coming"))
                    .anySatisfy(one -> assertThat(one).isEqualTo("2m of the hold of 2m")));
        }
    }

    @Test
    void doesNotGoToACanaryWhoseEndpointsAreAllDrained() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml())) {
            running.apply(new Command.DrainEndpoint("green", "127.0.0.1:9011", ANN));
            assertThat(running.refuse(verb(Verb.START)).kind()).isEqualTo(Kind.NOT_ALLOWED);
            assertThat(phase(running)).isEqualTo("pending");
        }
    }
}
