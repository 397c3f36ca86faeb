package io.turnout.control;

import static io.turnout.control.RunningControl.ANN;
import static io.turnout.control.ShadowAnswers.compare;
import static io.turnout.control.ShadowAnswers.compared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.GuardStatus;
import io.turnout.adminapi.RouteStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The differences of a shadow as a limit of the guard, on weights that nobody moves. */
class GuardDifferencesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private static String yaml(int green) {
        return Yaml.split("{blue: 90, green: " + green + "}\n"
                + "    guard: {stable: blue, differences: {pool: red, variant: green, max: 10%, minCompared: 20}}\n"
                + "    mirror: {pool: red, compare: {}}");
    }

    private static RouteStatus shop(RunningControl running) {
        return Objects.requireNonNull(running.route("shop"));
    }

    /** Until the guard says so of the shadow; its look comes with time. */
    private static void awaitWords(RunningControl running, String words) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            running.time.pass(Duration.ofSeconds(1));
            var variants =
                    Objects.requireNonNull(running.control.evidence("shop")).variants();
            assertThat(variants.toString()).contains("shadow   mirror to red: " + words);
        });
    }

    @Test
    void moreDifferencesThanAllowedTakeTheTrafficAwayAndSayWhy() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml(10))) {
            awaitWords(running, "0 of 20 answers compared");
            compare(running, 10, 30);

            await().atMost(PATIENCE).untilAsserted(() -> {
                running.time.pass(Duration.ofSeconds(1));
                assertThat(shop(running).guard().state()).isEqualTo(GuardStatus.REVERTED);
            });
            assertThat(running.published("shop").get("green")).isZero();
            assertThat(shop(running).guard().text())
                    .matches(
                            "mirror to red: \\d+ of 20 answers compared, \\d+ different \\(\\d+\\.\\d\\d %, at most 10 %\\)");
            AuditEntry entry = Settled.audit(running.control, 1).get(0);
            assertThat(entry.actor()).isEqualTo("guard");
            assertThat(entry.action()).isEqualTo("revert");
            assertThat(entry.toString()).contains("REVERTED shop: mirror to red: ", "shadow   mirror to red: ");
        }
    }

    @Test
    void asManyAsAllowedAreLetPassAndCountNoMoreLater() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml(10))) {
            awaitWords(running, "0 of 20 answers compared");
            compare(running, 18, 2);
            awaitWords(running, "20 of 20 answers compared, 2 different");
            compare(running, 19, 0);
            awaitWords(running, "19 of 20 answers compared, 0 different");

            assertThat(running.published("shop").get("green")).isPositive();
        }
    }

    @Test
    void whatWasFoundBeforeTheVariantGotTrafficIsNotHeldAgainstIt() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml(0))) {
            compare(running, 0, 100);
            await().atMost(PATIENCE).until(() -> compared(running) == 100);
            running.apply(new Command.SetWeights("shop", Map.of("blue", 90, "green", 10), null, ANN));

            awaitWords(running, "0 of 20 answers compared");
            assertThat(running.published("shop").get("green")).isPositive();
        }
    }

    @Test
    void aBadVariantKeepsItsTrafficWhereStableCannotTakeIt() throws Exception {
        try (RunningControl running = RunningControl.start(folder, yaml(10))) {
            awaitWords(running, "0 of 20 answers compared");
            for (String address : List.of("127.0.0.1:9001", "127.0.0.1:9002")) {
                running.apply(new Command.DrainEndpoint("blue", address, ANN));
            }
            compare(running, 0, 40);

            await().atMost(PATIENCE).untilAsserted(() -> {
                running.time.pass(Duration.ofSeconds(1));
                assertThat(shop(running).guard().text())
                        .contains("not reverted, pool blue has no usable endpoint: mirror to red");
            });
            assertThat(running.published("shop").get("green")).isPositive();
        }
    }
}
