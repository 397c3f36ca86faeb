package io.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The findings of mirrors over the admin API, and on the metrics page. */
class DifferencesTest {
    private static final String MIRROR = "    mirror: {pool: green, percent: 10%, compare: {control: blue}}\n";

    @TempDir
    private Path folder;

    private static void compare(RunningAdmin admin, String primary, String shadow) {
        ComparisonRules rules = new ComparisonRules(List.of(), 1000, List.of(), List.of("/secret"), 200_000, 300, 5);
        MirrorBudget budget = new MirrorBudget();
        boolean taken = admin.control()
                .comparisons()
                .offer(new ComparisonJob(
                        "spare.v1",
                        "green",
                        rules,
                        new Answers("GET /x", json(primary), json(shadow), json(primary)),
                        budget,
                        0));
        assertThat(taken).isTrue();
    }

    private static Answer json(String body) {
        return new Answer(
                200, Map.of(), "application/json", "", body.getBytes(StandardCharsets.UTF_8), BodyState.WHOLE);
    }

    private static JsonNode mirror(RunningAdmin admin) throws Exception {
        return new JsonMapper()
                .readTree(admin.get("/api/v1/routes/spare.v1/differences").body())
                .get("mirrors")
                .get(0);
    }

    @Test
    void aRouteWithoutMirrorHasNoneAndAnUnknownRouteIsSaidSo() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder)) {
            assertThat(admin.get("/api/v1/routes/shop/differences").body())
                    .isEqualTo("{\"route\":\"shop\",\"mirrors\":[]}");
            assertThat(admin.get("/api/v1/routes/nobody/differences").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void whatDiffersIsShownWithoutItsSecrets() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder, MIRROR)) {
            assertThat(mirror(admin).get("text").stringValue()).contains("no answers compared yet");
            compare(admin, "{\"total\":1,\"secret\":\"hush\"}", "{\"total\":2,\"secret\":\"hash\"}");
            await().until(() -> mirror(admin).get("comparison").get("compared").asLong() == 1);
            JsonNode mirror = mirror(admin);
            assertThat(mirror.get("pool").stringValue()).isEqualTo("green");
            assertThat(mirror.get("control").stringValue()).isEqualTo("blue");
            assertThat(mirror.get("percent").asDouble()).isEqualTo(10);
            assertThat(mirror.toString())
                    .contains("{\"request\":\"GET /x\",\"primary\":\"1\",\"shadow\":\"2\"}")
                    .doesNotContain("hush", "hash");
            assertThat(mirror.get("text").stringValue())
                    .contains("1 answers compared, 1 different (100.00 %) in ")
                    .contains("body /total");
            assertThat(admin.get("/metrics").body())
                    .contains("turnout_mirror_compared_total{pool=\"green\",route=\"spare.v1\"} 1.0")
                    .contains("turnout_mirror_different_total{class=\"body\",pool=\"green\",route=\"spare.v1\"} 1.0")
                    .contains("turnout_mirror_chosen_total{leg=\"control\",pool=\"green\",route=\"spare.v1\"} 0.0");
        }
    }

    @Test
    void findingsBeginAnewWhenTheRulesChange() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder, MIRROR)) {
            compare(admin, "{\"a\":1}", "{\"a\":2}");
            ComparisonRules other = new ComparisonRules(List.of("etag"), 1000, List.of(), List.of(), 0, 0, 5);
            Answers same = new Answers("GET /x", json("{}"), json("{}"), null);
            admin.control()
                    .comparisons()
                    .offer(new ComparisonJob("spare.v1", "green", other, same, new MirrorBudget(), 0));
            await().untilAsserted(() -> {
                JsonNode comparison = mirror(admin).get("comparison");
                assertThat(comparison.get("compared").asLong()).isEqualTo(1);
                assertThat(comparison.get("fields").size()).isZero();
            });
        }
    }
}
