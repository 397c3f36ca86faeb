package io.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.admin.RunningAdmin;
import io.turnout.compare.Answer;
import io.turnout.compare.Answer.BodyState;
import io.turnout.compare.Answers;
import io.turnout.compare.ComparisonRules;
import io.turnout.shadow.ComparisonJob;
import io.turnout.telemetry.MirrorBudget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code turnout diff} against a real admin listener. */
class DiffCommandTest {
    @TempDir
    private Path folder;

    private static Answer json(String body) {
        return new Answer(
                200, Map.of(), "application/json", "", body.getBytes(StandardCharsets.UTF_8), BodyState.WHOLE);
    }

    @Test
    void saysWhatDiffersAndEndsWithOne() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder, "    mirror: {pool: green, compare: {}}\n")) {
            Typed before = Typed.run("diff", "spare.v1", "--admin", admin.url());
            assertThat(before.exitCode()).as(before.err()).isEqualTo(ExitCode.OK);
            assertThat(before.out()).contains("route spare.v1, mirror to green at 100 %", "no answers compared yet");

            ComparisonRules rules = new ComparisonRules(List.of(), 1000, List.of(), List.of(), 200_000, 300, 5);
            Answers answers =
                    new Answers("GET /cart", json("{\"total\":1}"), json("{\"total\":\"\\u001b[31m\"}"), null);
            admin.control()
                    .comparisons()
                    .offer(new ComparisonJob("spare.v1", "green", rules, answers, new MirrorBudget(), 0));
            await().untilAsserted(() -> {
                Typed typed = Typed.run("diff", "spare.v1", "--admin", admin.url());
                assertThat(typed.exitCode()).isEqualTo(ExitCode.NEGATIVE);
                assertThat(typed.out())
                        .contains("body /total", "GET /cart", "primary 1")
                        .doesNotContain("\u001b");
            });
            assertThat(Typed.run("diff", "spare.v1", "-o", "json", "--admin", admin.url())
                            .out())
                    .startsWith("{\"route\":\"spare.v1\"");
        }
    }

    @Test
    void aRouteWithoutMirrorIsSaidSo() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder)) {
            Typed typed = Typed.run("diff", "shop", "--admin", admin.url());
            assertThat(typed.exitCode()).isEqualTo(ExitCode.NEGATIVE);
            assertThat(typed.err()).contains("has no mirror");
        }
    }
}
