package io.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.adminapi.ConfigStatus;
import io.turnout.adminapi.GuardStatus;
import io.turnout.adminapi.LiveView;
import io.turnout.adminapi.OverrideStatus;
import io.turnout.adminapi.ReloadStatus;
import io.turnout.adminapi.RolloutStatus;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.Status;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchViewTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:10Z");

    private static RolloutStatus rollout() {
        return new RolloutStatus(
                "progressing",
                2,
                3,
                0.1,
                "green",
                "blue",
                NOW.minusSeconds(70),
                50L,
                List.of("204 more canary requests, about 34 min at this rate"),
                "approval",
                "why",
                "50 %, after 204 more canary requests, about 34 min at this rate",
                List.of(
                        new RolloutStatus.Step(0.01, 60, 100, List.of(), "done"),
                        new RolloutStatus.Step(0.1, 120, 100, List.of(), "current"),
                        new RolloutStatus.Step(1, 0, 100, List.of("approval"), "ahead")),
                List.of("pause"));
    }

    private static List<String> view(String blue, String green, String reason, int columns) {
        Map<String, Integer> weights = new LinkedHashMap<>();
        weights.put(blue, 90);
        weights.put(green, 10);
        var override =
                new OverrideStatus("weights", weights, "ann", "api", reason, NOW, null, null, Map.of(blue, 100), true);
        var guard = new GuardStatus(GuardStatus.WATCHING, "", List.of());
        var route = new RouteStatus("shop", weights, weights, override, guard, rollout(), List.of());
        var status = new Status(
                7,
                NOW,
                new ConfigStatus("turnout.yaml", "00ff", null, new ReloadStatus(NOW, false, List.of())),
                List.of(route),
                List.of(),
                List.of(),
                Status.NOTHING_SHED,
                List.of());
        Map<String, LiveView.Variant> variants = new LinkedHashMap<>();
        variants.put(blue, new LiveView.Variant(187, 0.0004, 4.1, 9.9, 21.5, 0.95, 2));
        variants.put(green, new LiveView.Variant(12345.6, 1, 4.1, 9.9, 12345.6, 0.05, 2));
        var live = new LiveView(
                Map.of(
                        "shop",
                        new LiveView.Route(
                                197,
                                variants,
                                new LiveView.Guard(
                                        GuardStatus.WATCHING, Map.of(green, new LiveView.Evidence(10, 100, reason))),
                                rollout())),
                Map.of(blue, Map.of("127.0.0.1:9001", new LiveView.Endpoint("active", 1, 93))));
        return WatchView.of(status, live, NOW, columns);
    }

    @Test
    void showsWeightsStepTimersAndEvidenceAsATree() {
        assertThat(view("blue", "green", "release 2.4", 80))
                .containsExactly(
                        "turnout  generation 7  turnout.yaml  2026-03-01T12:00:10Z",
                        "! LAST RELOAD REFUSED; what was in force still is",
                        "",
                        "shop  197.0/s  guard watching",
                        "! OVERRIDE (weights) by ann: release 2.4",
                        "! DRIFT: the file has changed since; it says blue 90, green 10",
                        "├─ blue   90.00% ██████████████████░░   187.0/s  0.04% err p99 21.5ms",
                        "├─ green  10.00% ██░░░░░░░░░░░░░░░░░░ 12345.6/s 100.00% err p99 12345.6ms",
                        "│    evidence ██████████░░░░░░░░░░ 10.0 of 100:1",
                        "│    release 2.4",
                        "└─ rollout progressing, step 2 of 3, for 1m 10s, holds 50s",
                        "    ✓ 1.000% ● 10.00% ○ 100.0%",
                        "    missing: 204 more canary requests, about 34 min at this rate",
                        "    waits for approval",
                        "    next: 50 %",
                        "",
                        "pool blue",
                        "└─ 127.0.0.1:9001                       active          93.0/s    1 in flight");
    }

    @Test
    void fitsWhateverTheNamesAndNothingInThemSteersTheTerminal() {
        String name = "a-name-that-is-much-longer-than-any-screen-is-wide-" + "x".repeat(80);
        String reason = "\u001b[2J\u001b]0;owned\u0007 " + "because ".repeat(40) + "\nsecond line";

        for (int columns : new int[] {64, 80, 120}) {
            assertThat(view(name + "1", name + "2", reason, columns)).allSatisfy(line -> {
                assertThat(line.codePointCount(0, line.length())).isLessThanOrEqualTo(columns);
                assertThat(line.chars()).allMatch(c -> c >= ' ' && c != 0x7f);
            });
        }
    }
}
