package io.turnout.control;

import static io.turnout.control.RunningControl.ANN;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.OverrideStatus;
import io.turnout.control.Command.Preconditions;
import io.turnout.control.CommandResult.Applied;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.snapshot.Snapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
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

    private static Command.SwitchTo switchTo(String pool) {
        return new Command.SwitchTo("shop", pool, Preconditions.CHECKED, ANN);
    }

    @Test
    void areLiveWhenTheResultIsThere() {
        Applied applied = turnout.weights("shop", Map.of("blue", 90, "green", 10));
        assertThat(turnout.published("shop")).isEqualTo(Map.of("blue", 90, "green", 10));
        assertThat(applied.changed()).isTrue();
        assertThat(applied.generation())
                .isEqualTo(2)
                .isEqualTo(turnout.control.generation())
                .isEqualTo(turnout.control.published().current().generation());
        assertThat(turnout.published("blog")).isEqualTo(Map.of("blue", 1, "red", 1));
    }

    @Test
    void areShownBesideTheDesiredOnes() {
        turnout.weights("shop", Map.of("blue", 90, "green", 10));
        assertThat(turnout.route("shop").weights()).isEqualTo(Map.of("blue", 90, "green", 10));
        assertThat(turnout.route("shop").desiredWeights()).isEqualTo(Map.of("blue", 95, "green", 5));
        OverrideStatus override = turnout.route("shop").override();
        assertThat(override).isNotNull().satisfies(shown -> {
            assertThat(shown.kind()).isEqualTo("weights");
            assertThat(shown.actor()).isEqualTo("ann");
            assertThat(shown.source()).isEqualTo("api");
            assertThat(shown.reason()).isEqualTo("because");
            assertThat(shown.laidOver()).isEqualTo(Map.of("blue", 95, "green", 5));
            assertThat(shown.expiresAt()).isNull();
            assertThat(shown.drift()).isFalse();
        });
        assertThat(turnout.route("blog").override()).isNull();
    }

    @Test
    void giveNothingToAPoolThatIsNotNamed() {
        turnout.weights("shop", Map.of("green", 7));
        assertThat(turnout.published("shop")).isEqualTo(Map.of("blue", 0, "green", 7));
    }

    @Test
    void publishNothingWhenTheyAreInForceAlready() {
        turnout.weights("shop", Map.of("blue", 90, "green", 10));
        Snapshot before = turnout.control.published().current();
        Applied again = turnout.weights("shop", Map.of("blue", 90, "green", 10));
        assertThat(again.changed()).isFalse();
        assertThat(again.generation()).isEqualTo(before.generation());
        assertThat(turnout.control.published().current()).isSameAs(before);
        assertThat(turnout.weights("blog", Map.of("blue", 1, "red", 1)).changed())
                .isFalse();
        assertThat(turnout.route("blog").override()).isNull();
    }

    @Test
    void areRefusedForARouteThatIsNotThere() {
        Refused refused = turnout.refuse(new Command.SetWeights("shpo", Map.of("blue", 1), null, ANN));
        assertThat(refused.kind()).isEqualTo(Kind.UNKNOWN_ROUTE);
        assertThat(refused.text()).contains("shpo").contains("shop, blog");
    }

    @Test
    void areRefusedForAPoolOutsideTheSplit() {
        Refused refused = turnout.refuse(new Command.SetWeights("shop", Map.of("red", 1, "blue", 1), null, ANN));
        assertThat(refused.kind()).isEqualTo(Kind.UNKNOWN_POOL);
        assertThat(refused.text()).contains("pool red").contains("blue, green");
    }

    @Test
    void areRefusedWhenTheySumToNothing() {
        assertThat(turnout.refuse(new Command.SetWeights("shop", Map.of("blue", 0, "green", 0), null, ANN))
                        .kind())
                .isEqualTo(Kind.INVALID);
        assertThat(turnout.refuse(new Command.SetWeights("shop", Map.of(), null, ANN))
                        .text())
                .contains("sum to 0");
    }

    @Test
    void areRefusedOutOfRange() {
        assertThat(turnout.refuse(new Command.SetWeights("shop", Map.of("blue", -1), null, ANN))
                        .text())
                .contains("-1")
                .contains("0 to 1000000");
        assertThat(turnout.refuse(new Command.SetWeights("shop", Map.of("blue", 1_000_001), null, ANN))
                        .kind())
                .isEqualTo(Kind.INVALID);
        Map<String, Integer> fromJson = new HashMap<>();
        fromJson.put("blue", null);
        assertThat(turnout.refuse(new Command.SetWeights("shop", fromJson, null, ANN))
                        .text())
                .contains("weight null for blue");
        assertThat(turnout.refuse(new Command.SetWeights("shop", Map.of("blue", 1), Duration.ZERO, ANN))
                        .kind())
                .isEqualTo(Kind.INVALID);
    }

    @Test
    void changeNothingWhenRefused() {
        Snapshot before = turnout.control.published().current();
        int audited = turnout.control.audit(100).size();
        turnout.refuse(new Command.SetWeights("shop", Map.of("red", 1), null, ANN));
        turnout.refuse(switchTo("red"));
        assertThat(turnout.control.published().current()).isSameAs(before);
        assertThat(turnout.control.audit(100)).hasSize(audited);
        assertThat(turnout.route("shop").override()).isNull();
    }

    @Test
    void areRefusedWhenBasedOnAnOlderGeneration() {
        turnout.weights("shop", Map.of("blue", 90, "green", 10));
        Refused refused =
                turnout.refuse(new Command.SetWeights("shop", Map.of("blue", 1, "green", 1), null, ANN.basedOn(1L)));
        assertThat(refused.kind()).isEqualTo(Kind.CONFLICT_GENERATION);
        assertThat(refused.text()).contains("generation 1").contains("generation 2");
        assertThat(turnout.apply(new Command.SetWeights("shop", Map.of("green", 1), null, ANN.basedOn(2L)))
                        .generation())
                .isEqualTo(3);
    }

    @Test
    void allGoToThePoolThatIsSwitchedTo() {
        assertThat(turnout.apply(switchTo("green")).changed()).isTrue();
        assertThat(turnout.published("shop")).isEqualTo(Map.of("blue", 0, "green", 100));
        assertThat(turnout.apply(switchTo("green")).changed()).isFalse();
        assertThat(turnout.apply(switchTo("blue")).changed()).isTrue();
        assertThat(turnout.published("shop")).isEqualTo(Map.of("blue", 100, "green", 0));
        assertThat(turnout.control.generation()).isEqualTo(3);
    }

    @Test
    void areNotSwitchedToAPoolWithoutEndpointInServiceUnlessForced() {
        turnout.apply(new Command.DrainEndpoint("green", "127.0.0.1:9011", ANN));
        Refused refused = turnout.refuse(switchTo("green"));
        assertThat(refused.kind()).isEqualTo(Kind.NOT_ALLOWED);
        assertThat(refused.text()).contains("pool green").contains("force");
        turnout.apply(new Command.SwitchTo("shop", "green", Preconditions.SKIPPED, ANN));
        assertThat(turnout.published("shop")).containsEntry("green", 100);
    }

    @Test
    void areTheFilesAgainWhenTheOverrideIsCleared() {
        turnout.apply(switchTo("green"));
        assertThat(turnout.apply(new Command.ClearOverride("shop", ANN)).changed())
                .isTrue();
        assertThat(turnout.published("shop")).isEqualTo(Map.of("blue", 95, "green", 5));
        assertThat(turnout.route("shop").override()).isNull();
        assertThat(turnout.apply(new Command.ClearOverride("shop", ANN)).changed())
                .isFalse();
        assertThat(turnout.refuse(new Command.ClearOverride("x", ANN)).kind()).isEqualTo(Kind.UNKNOWN_ROUTE);
    }

    @Test
    void areAuditedWithWhoWhatAndWhy() {
        turnout.apply(switchTo("green"));
        AuditEntry entry = turnout.control.audit(1).get(0);
        assertThat(entry.actor()).isEqualTo("ann");
        assertThat(entry.source()).isEqualTo("api");
        assertThat(entry.action()).isEqualTo("switch");
        assertThat(entry.subject()).isEqualTo("route shop");
        assertThat(entry.before()).isEqualTo("blue 95, green 5");
        assertThat(entry.after()).isEqualTo("blue 0, green 100");
        assertThat(entry.reason()).isEqualTo("because");
        assertThat(entry.generation()).isEqualTo(2);
        assertThat(entry.time()).isEqualTo(turnout.time.instant());
    }

    @Test
    void keepTheirCountersWhenTheyStayAndBeginNewOnesWhenTheyMove() {
        var before = turnout.control.published().current();
        turnout.weights("blog", Map.of("blue", 3, "red", 1));
        var after = turnout.control.published().current();
        assertThat(after.routes().get(0).targets().get(0).meter())
                .isSameAs(before.routes().get(0).targets().get(0).meter());
        assertThat(after.routes().get(1).targets().get(0).meter())
                .isNotSameAs(before.routes().get(1).targets().get(0).meter());
    }
}
