package io.turnout.control;

import static io.turnout.control.RunningControl.ANN;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.ConfigCheck;
import io.turnout.adminapi.Problem;
import io.turnout.adminapi.ReloadStatus;
import io.turnout.control.CommandResult.Applied;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.snapshot.Snapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
    private static final Cause FILE = Cause.of("file", Cause.FILE);

    @TempDir
    Path folder;

    private RunningControl turnout;

    @BeforeEach
    void start() throws Exception {
        turnout = RunningControl.start(folder, Yaml.split(95, 5));
    }

    @AfterEach
    void stop() {
        turnout.close();
    }

    private Command.Reload reload(String yaml) {
        return new Command.Reload(turnout.text(yaml), FILE);
    }

    private ReloadStatus lastReload() {
        return turnout.control.status().config().lastReload();
    }

    @Test
    void putsTheNewFileInForce() {
        Applied applied = turnout.reload(Yaml.split(90, 10));
        assertThat(applied.generation()).isEqualTo(2);
        assertThat(turnout.published("shop")).isEqualTo(Map.of("blue", 90, "green", 10));
        assertThat(turnout.control.status().config().hash())
                .isEqualTo(turnout.text(Yaml.split(90, 10)).hash());
        assertThat(turnout.control.counters().reloadsApplied()).isEqualTo(2);
        assertThat(turnout.control.audit(1).get(0))
                .returns("reload", AuditEntry::action)
                .returns("file", AuditEntry::actor)
                .returns(2L, AuditEntry::generation);
    }

    @Test
    void isNothingWhenTheContentIsTheSame() {
        Snapshot before = turnout.control.published().current();
        Applied applied = turnout.reload(Yaml.split(95, 5));
        assertThat(applied.changed()).isFalse();
        assertThat(turnout.control.published().current()).isSameAs(before);
        assertThat(turnout.followed).isEmpty();
        assertThat(turnout.control.audit(10)).hasSize(1);
    }

    @Test
    void isNothingWhenOnlyTheWordsAreOthers() {
        Snapshot before = turnout.control.published().current();
        String commented = "# words\n" + Yaml.split(95, 5);
        assertThat(turnout.reload(commented).changed()).isFalse();
        assertThat(turnout.control.published().current()).isSameAs(before);
        assertThat(turnout.control.status().config().hash())
                .isEqualTo(turnout.text(commented).hash());
    }

    @Test
    void leavesEverythingAsItIsWhenTheFileIsWrong() {
        turnout.weights("shop", Map.of("blue", 1, "green", 1));
        Snapshot before = turnout.control.published().current();
        Refused refused = turnout.refuse(reload(Yaml.split("{weights: {blue: 1, gren: 1}}")));
        assertThat(refused.kind()).isEqualTo(Kind.INVALID);
        assertThat(refused.problems()).extracting(Problem::didYouMean).contains("green");
        assertThat(turnout.control.published().current()).isSameAs(before);
        assertThat(turnout.published("shop")).isEqualTo(Map.of("blue", 1, "green", 1));
        assertThat(lastReload().ok()).isFalse();
        assertThat(lastReload().problems()).isEqualTo(refused.problems());
        assertThat(turnout.control.status().config().hash())
                .as("what is in force")
                .isEqualTo(turnout.text(Yaml.split(95, 5)).hash());
        assertThat(turnout.control.counters().reloadsRefused()).isEqualTo(1);
        assertThat(turnout.control.counters().lastReloadOk()).isFalse();
        assertThat(turnout.followed).isEmpty();
    }

    @Test
    void isFineAgainWhenTheOldFileIsBack() {
        turnout.refuse(reload("rubbish"));
        turnout.reload(Yaml.split(95, 5));
        assertThat(lastReload().ok()).isTrue();
        assertThat(turnout.control.counters().reloadsRefused()).isEqualTo(1);
    }

    @Test
    void isShownToHaveFailedWhenTheFileCannotBeRead() {
        turnout.refuse(new Command.ReportUnreadable("turnout.yaml", "permission denied", FILE));
        assertThat(lastReload().ok()).isFalse();
        assertThat(lastReload().problems().get(0).text())
                .isEqualTo("turnout.yaml: error: found permission denied, expected a file that can be read");
    }

    @Test
    void opensListenersBeforeItPublishes() {
        turnout.reload(Yaml.split(95, 5).replace("name: web", "name: www"));
        assertThat(turnout.followed).containsExactly(List.of("www"));
    }

    @Test
    void leavesEverythingAsItIsWhenAListenerCannotBeOpened() {
        Snapshot before = turnout.control.published().current();
        turnout.listenerFailure = "127.0.0.1:8080 is in use";
        Refused refused = turnout.refuse(reload(Yaml.split(90, 10)));
        assertThat(refused.kind()).isEqualTo(Kind.LISTENER_FAILED);
        assertThat(refused.found()).contains("127.0.0.1:8080 is in use");
        assertThat(turnout.control.published().current()).isSameAs(before);
        assertThat(lastReload().problems().get(0).found()).contains("in use");
        turnout.listenerFailure = null;
        assertThat(turnout.reload(Yaml.split(90, 10)).changed()).isTrue();
    }

    @Test
    void doesNotTouchListenersForADecision() {
        turnout.weights("shop", Map.of("blue", 1));
        assertThat(turnout.followed).isEmpty();
    }

    @Test
    void keepsADrainWhileTheEndpointIsThereAndEndsItWithTheEndpoint() {
        turnout.apply(new Command.DrainEndpoint("blue", "127.0.0.1:9002", ANN));
        turnout.reload(Yaml.split(90, 10));
        assertThat(turnout.control.counters().drained()).isEqualTo(1);
        String without = Yaml.split(90, 10).replace("127.0.0.1:9001, 127.0.0.1:9002", "127.0.0.1:9001");
        turnout.reload(without);
        assertThat(turnout.control.counters().drained()).isZero();
        assertThat(turnout.control.audit(1).get(0))
                .returns("drainEnded", AuditEntry::action)
                .returns("endpoint 127.0.0.1:9002 of pool blue", AuditEntry::subject);
        turnout.reload(Yaml.split(90, 10));
        assertThat(turnout.control.pools().get(0).endpoints().get(1).admin()).isEqualTo("active");
    }

    @Test
    void saysWhatTakesEffectAtTheNextStartOnly() {
        Applied applied = turnout.reload("workers: 3\n" + Yaml.split(95, 5));
        assertThat(applied.notes()).anyMatch(note -> note.contains("workers") && note.contains("next start"));
        assertThat(lastReload().problems())
                .anyMatch(problem ->
                        problem.path().equals("workers") && problem.severity().equals(Problem.WARNING));
    }

    @Test
    void warnsOfRoutesThatCannotBeToldApart() {
        String tied = Yaml.split(95, 5).replace("match: {path: {prefix: /blog}}", "match: {path: {prefix: /}}");
        turnout.reload(tied);
        assertThat(lastReload().problems())
                .anyMatch(problem -> problem.found().contains("shop")
                        && problem.found().contains("blog")
                        && problem.severity().equals(Problem.WARNING));
    }

    @Test
    void isRefusedWhenBasedOnAnOlderGeneration() {
        turnout.weights("shop", Map.of("blue", 1));
        Refused refused = turnout.refuse(new Command.Reload(turnout.text(Yaml.split(90, 10)), FILE.basedOn(1L)));
        assertThat(refused.kind()).isEqualTo(Kind.CONFLICT_GENERATION);
    }

    @Test
    void isCheckedWithoutBeingDone() {
        Snapshot before = turnout.control.published().current();
        ConfigCheck bad = turnout.control.check("pools: 3\n");
        assertThat(bad.valid()).isFalse();
        assertThat(bad.problems()).extracting(Problem::line).contains(1);
        assertThat(turnout.control.check(Yaml.split(1, 2)).valid()).isTrue();
        assertThat(turnout.control.published().current()).isSameAs(before);
        assertThat(lastReload().ok()).isTrue();
    }

    @Test
    void showsTheConfigurationInForceWithDefaults() {
        turnout.weights("shop", Map.of("blue", 1));
        String yaml = turnout.control.effectiveConfig();
        assertThat(yaml)
                .contains("# generation 2")
                .contains("# route shop is overridden by ann: blue 1, green 0")
                .contains("blue: 95");
        assertThat(turnout.reload(yaml).changed()).as("it reads back equal").isFalse();
    }
}
