package io.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.adminapi.ConfigStatus;
import io.turnout.adminapi.GuardStatus;
import io.turnout.adminapi.OverrideStatus;
import io.turnout.adminapi.ReloadStatus;
import io.turnout.adminapi.RolloutStatus;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:10Z");
    private static final Map<String, Integer> WEIGHTS = Map.of("blue", 90, "green", 10);
    private static final String LACKS = "204 more canary requests, about 3.4 s at this rate";

    private static RolloutStatus rollout(List<String> missing) {
        return new RolloutStatus(
                "progressing",
                1,
                2,
                0.1,
                "green",
                "blue",
                NOW,
                50L,
                missing,
                null,
                "why",
                missing.isEmpty() ? "50 %" : "50 %, after " + String.join("; ", missing),
                List.of(),
                List.of());
    }

    private static String text(GuardStatus guard, RolloutStatus rollout, String kind, String reason) {
        var override = new OverrideStatus(kind, WEIGHTS, "guard", "turnout", reason, NOW, null, null, WEIGHTS, false);
        var route = new RouteStatus("shop", WEIGHTS, WEIGHTS, override, guard, rollout, List.of());
        var config = new ConfigStatus("turnout.yaml", "00ff", null, new ReloadStatus(NOW, true, List.of()));
        return StatusText.of(
                new Status(7, NOW, config, List.of(route), List.of(), List.of(), Status.NOTHING_SHED, List.of()));
    }

    @Test
    void whatTheCanaryLacksIsToldOnceThoughGuardAndRolloutLookedAtDifferentMoments() {
        var guard = new GuardStatus(
                GuardStatus.HOLDING, "green: 211 more canary requests, about 3.5 s at this rate", List.of());

        assertThat(text(guard, rollout(List.of(LACKS, "50s of the hold of 1m")), "rollout", "started"))
                .containsOnlyOnce("more canary requests");
    }

    @Test
    void whyACanaryWasRevertedIsToldOnce() {
        String why = "canary 7/626 errors = 1.1 % against stable 0/1612 = 0.00 %; odds 246:1";

        assertThat(text(new GuardStatus(GuardStatus.REVERTED, why, List.of()), rollout(List.of()), "revert", why))
                .containsOnlyOnce("odds 246:1");
    }

    @Test
    void whatOnlyTheGuardSaysIsTold() {
        String frozen = "green: not reverted, pool blue has no usable endpoint: canary 7/626 errors";

        assertThat(text(
                        new GuardStatus(GuardStatus.HOLDING, frozen, List.of()),
                        rollout(List.of(LACKS)),
                        "rollout",
                        "started"))
                .contains(LACKS, frozen);
    }
}
