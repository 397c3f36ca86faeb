package io.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every call over a real socket, with a real control behind it. */
class AdminApiTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private RunningAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = RunningAdmin.in(folder);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private static JsonNode json(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue(status < 400 ? "application/json" : "application/problem+json");
        return JSON.readTree(response.body());
    }

    /** A problem whose kind, found and expected say what is wrong. */
    private static void assertProblem(
            HttpResponse<String> response, int status, String kind, String found, String expected) {
        JsonNode problem = json(response, status);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("type").asString()).isEqualTo("urn:turnout:problem:" + kind);
        assertThat(problem.get("title").asString()).isNotBlank();
        assertThat(problem.get("detail").asString()).isNotBlank();
        assertThat(problem.get("found").asString()).contains(found);
        assertThat(problem.get("expected").asString()).contains(expected);
    }

    private JsonNode shop() throws Exception {
        return json(admin.get("/api/v1/routes/shop"), 200);
    }

    private HttpResponse<String> switchTo(String pool) throws Exception {
        return admin.send(admin.json("POST", "/api/v1/routes/shop/switch", "{\"to\": \"" + pool + "\"}"));
    }

    @Test
    void statusShowsConfigRoutesAndPoolsAndIsTaggedWithTheGeneration() throws Exception {
        HttpResponse<String> response = admin.get("/api/v1/status");

        JsonNode status = json(response, 200);
        assertThat(status.get("generation").asLong()).isPositive();
        assertThat(status.get("startedAt").asString()).matches("\\d{4}-.*Z");
        assertThat(status.at("/config/source").asString()).isEqualTo("turnout.yaml");
        assertThat(status.at("/config/lastReload/ok").asBoolean()).isTrue();
        assertThat(status.at("/routes/0/weights/blue").asInt()).isEqualTo(95);
        assertThat(status.at("/pools/0/endpoints/0/address").asString()).isEqualTo("127.0.0.1:9001");
        assertThat(response.headers().firstValue("ETag"))
                .hasValue("\"" + status.get("generation").asLong() + "\"");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void routeShowsEffectiveAndDesiredWeights() throws Exception {
        JsonNode route = shop();

        assertThat(route.get("name").asString()).isEqualTo("shop");
        assertThat(route.at("/weights/green").asInt()).isEqualTo(5);
        assertThat(route.at("/desiredWeights/green").asInt()).isEqualTo(5);
        assertThat(route.get("override").isNull()).isTrue();
        assertThat(route.at("/guard/state").asString()).isEqualTo("off");
        assertThat(route.get("rollout").isNull()).isTrue();
    }

    @Test
    void pathSegmentsAreDecodedOnce() throws Exception {
        assertThat(json(admin.get("/api/v1/routes/%73hop"), 200).get("name").asString())
                .isEqualTo("shop");
        assertProblem(admin.get("/api/v1/routes/%2573hop"), 404, "unknown-route", "%73hop", "shop");
        assertProblem(admin.get("/api/v1/routes/a%2Fb%20%C3%A9"), 404, "unknown-route", "a/b \u00e9", "shop");
        assertProblem(admin.get("/api/v1/routes/%C3"), 400, "malformed-request", "UTF-8", "%XX");
    }

    @Test
    void unknownRouteNamesTheKnownOnes() throws Exception {
        assertProblem(admin.get("/api/v1/routes/shoop"), 404, "unknown-route", "shoop", "shop");
        assertProblem(
                admin.send(admin.json("POST", "/api/v1/routes/shoop/switch", "{\"to\":\"blue\"}")),
                404,
                "unknown-route",
                "shoop",
                "shop");
    }

    @Test
    void weightsAreLaidOverTheFileWithReasonAndTtl() throws Exception {
        JsonNode change = json(
                admin.send(admin.json(
                                "PUT",
                                "/api/v1/routes/shop/weights",
                                "{\"weights\": {\"blue\": 60, \"green\": 40}, \"reason\": \"try\", \"ttl\": \"30m\"}")
                        .header("Turnout-Actor", "alice")),
                200);

        assertThat(change.get("changed").asBoolean()).isTrue();
        JsonNode override = shop().get("override");
        assertThat(override.at("/weights/green").asInt()).isEqualTo(40);
        assertThat(override.get("actor").asString()).isEqualTo("alice");
        assertThat(override.get("source").asString()).isEqualTo("api");
        assertThat(override.get("reason").asString()).isEqualTo("try");
        assertThat(override.get("ttlSeconds").asLong()).isBetween(1L, 1_800L);
        assertThat(shop().at("/desiredWeights/green").asInt()).isEqualTo(5);
    }

    @Test
    void weightsThatCannotBeUsedAreRefusedAndChangeNothing() throws Exception {
        long before = admin.control().generation();
        String path = "/api/v1/routes/shop/weights";

        assertProblem(
                admin.send(admin.json("PUT", path, "{\"weights\": {\"blue\": 0, \"green\": 0}}")),
                400,
                "invalid",
                "0",
                "0");
        assertProblem(
                admin.send(admin.json("PUT", path, "{\"weights\": {\"blue\": 1, \"grey\": 1}}")),
                404,
                "unknown-pool",
                "grey",
                "green");
        assertProblem(
                admin.send(admin.json("PUT", path, "{\"weights\": {\"blue\": 1}, \"ttl\": \"30\"}")),
                400,
                "invalid",
                "30",
                "30m");
        assertProblem(admin.send(admin.json("PUT", path, "{}")), 400, "invalid", "no \"weights\"", "weight");
        assertProblem(
                admin.send(admin.json("PUT", path, "{\"weights\": {\"blue\": null}}")),
                400,
                "invalid",
                "null",
                "integers");
        assertThat(admin.control().generation()).isEqualTo(before);
    }

    @Test
    void bodiesThatAreNotTheExpectedJsonAreRefusedWithTheirPlace() throws Exception {
        String path = "/api/v1/routes/shop/switch";

        assertProblem(admin.send(admin.json("POST", path, "{\"to\" \"x\"}")), 400, "bad-json", "line 1", "object");
        assertProblem(admin.send(admin.json("POST", path, "{\"too\": \"x\"}")), 400, "bad-json", "too", "\"to\"");
        assertProblem(admin.send(admin.json("POST", path, "{\"to\": 7}")), 400, "bad-json", "to", "a text");
        assertProblem(admin.send(admin.json("POST", path, "null")), 400, "bad-json", "null", "object");
        assertProblem(admin.send(admin.json("POST", path, "")), 400, "bad-json", "", "object");
        assertProblem(
                admin.send(admin.json("POST", path, "{\"to\":\"blue\"} {}")), 400, "bad-json", "line 1", "object");
        assertProblem(
                admin.send(admin.json("POST", path, "{\"to\":\"blue\",\"to\":\"green\"}")),
                400,
                "bad-json",
                "to",
                "object");
        assertProblem(
                admin.send(admin.json("PUT", "/api/v1/routes/shop/weights", "{\"weights\": {\"blue\": 1.5}}")),
                400,
                "bad-json",
                "weights.blue",
                "an integer");
    }

    @Test
    void theNextRequestAfterASwitchLivesInTheNewWorld() throws Exception {
        JsonNode change = json(switchTo("green"), 200);

        assertThat(admin.control().published().current().generation())
                .isEqualTo(change.get("generation").asLong());
        assertThat(shop().at("/weights/blue").asInt()).isZero();
        assertThat(json(switchTo("green"), 200).get("changed").asBoolean()).isFalse();
    }

    @Test
    void aSwitchToAPoolWithoutUsableEndpointNeedsForce() throws Exception {
        json(admin.send(admin.json("POST", "/api/v1/pools/green/endpoints/127.0.0.1:9011/drain", "")), 200);

        assertProblem(switchTo("green"), 409, "not-allowed", "green", "");
        json(admin.send(admin.json("POST", "/api/v1/routes/shop/switch", "{\"to\":\"green\",\"force\":true}")), 200);
    }

    @Test
    void theEndOfAnOverridePutsTheFileInForceWithoutAnyBody() throws Exception {
        json(switchTo("green"), 200);

        json(admin.send(admin.request("/api/v1/routes/shop/override").DELETE()), 200);

        assertThat(shop().get("override").isNull()).isTrue();
        assertThat(shop().at("/weights/blue").asInt()).isEqualTo(95);
    }

    @Test
    void listenersAreDrainedAndResumed() throws Exception {
        json(admin.send(admin.json("POST", "/api/v1/listeners/web/drain", "{\"reason\": \"move\"}")), 200);
        assertThat(json(admin.get("/api/v1/status"), 200)
                        .at("/listeners/0/drained")
                        .asBoolean())
                .isTrue();
        json(admin.send(admin.json("POST", "/api/v1/listeners/web/resume", "")), 200);
        assertThat(json(admin.get("/api/v1/status"), 200)
                        .at("/listeners/0/drained")
                        .asBoolean())
                .isFalse();
        assertProblem(
                admin.send(admin.json("POST", "/api/v1/listeners/wap/drain", "")),
                404,
                "unknown-listener",
                "wap",
                "web");
    }

    @Test
    void endpointsAreDrainedAndResumed() throws Exception {
        String endpoint = "/api/v1/pools/blue/endpoints/127.0.0.1%3A9001";

        json(admin.send(admin.json("POST", endpoint + "/drain", "{\"reason\": \"disk\"}")), 200);
        assertThat(json(admin.get("/api/v1/status"), 200)
                        .at("/pools/0/endpoints/0/admin")
                        .asString())
                .isEqualTo("drained");
        json(admin.send(admin.json("POST", endpoint + "/resume", "")), 200);
        assertThat(json(admin.get("/api/v1/status"), 200)
                        .at("/pools/0/endpoints/0/admin")
                        .asString())
                .isEqualTo("active");
        assertProblem(
                admin.send(admin.json("POST", "/api/v1/pools/blue/endpoints/127.0.0.1:1/drain", "")),
                404,
                "unknown-endpoint",
                "127.0.0.1:1",
                "127.0.0.1:9001");
        assertProblem(
                admin.send(admin.json("POST", "/api/v1/pools/grey/endpoints/127.0.0.1:1/drain", "")),
                404,
                "unknown-pool",
                "grey",
                "blue");
    }

    @Test
    void aChangeBasedOnAnOldGenerationIsRefused() throws Exception {
        String tag = admin.get("/api/v1/status").headers().firstValue("ETag").orElseThrow();
        HttpRequest.Builder based = admin.json("POST", "/api/v1/routes/shop/switch", "{\"to\":\"green\"}")
                .header("If-Match", tag);
        json(admin.send(based), 200);

        HttpRequest.Builder stale = admin.json("POST", "/api/v1/routes/shop/switch", "{\"to\":\"blue\"}");
        assertProblem(admin.send(stale.copy().header("If-Match", tag)), 412, "stale", tag.replace("\"", ""), "");
        assertThat(admin.send(stale.copy().header("If-Match", "W/" + tag)).statusCode())
                .isEqualTo(412);
        assertThat(admin.send(stale.copy().header("If-Match", "\"x\"")).statusCode())
                .isEqualTo(412);
        assertProblem(
                admin.send(stale.copy().header("If-Match", "7")), 400, "malformed-request", "If-Match: 7", "quotes");
        String inForce = "\"" + admin.control().generation() + "\"";
        json(admin.send(stale.copy().header("If-Match", tag + ", " + inForce)), 200);
        json(admin.send(stale.copy().header("If-Match", "*")), 200);
    }

    @Test
    void aRepeatedIdempotencyKeyDoesTheChangeOnce() throws Exception {
        HttpRequest.Builder change = admin.json("POST", "/api/v1/routes/shop/switch", "{\"to\":\"green\"}")
                .header("Idempotency-Key", "k1");
        JsonNode first = json(admin.send(change.copy()), 200);
        json(switchTo("blue"), 200);

        HttpResponse<String> again = admin.send(change.copy());

        assertThat(json(again, 200)).isEqualTo(first);
        assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        assertThat(shop().at("/weights/green").asInt()).isZero();
        assertProblem(
                admin.send(admin.json("POST", "/api/v1/routes/shop/switch", "{\"to\":\"blue\"}")
                        .header("Idempotency-Key", "k1")),
                422,
                "key-reused",
                "another request",
                "new key");
    }

    @Test
    void configIsShownAsYamlWithItsProblems() throws Exception {
        HttpResponse<String> response = admin.get("/api/v1/config");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/yaml; charset=utf-8");
        assertThat(response.body()).startsWith("# source: turnout.yaml").contains("shop.example.com");
        Files.writeString(admin.file, "nonsense: 1\n");
        admin.send(admin.json("POST", "/api/v1/config/reload", ""));
        assertThat(admin.get("/api/v1/config").body()).contains("was refused:", "# turnout.yaml:1:1: error:");
    }

    @Test
    void aPostedConfigIsCheckedAndNotApplied() throws Exception {
        HttpRequest.Builder good = admin.request("/api/v1/config/check")
                .POST(HttpRequest.BodyPublishers.ofString(RunningAdmin.CONFIG))
                .header("Content-Type", "application/yaml");
        HttpRequest.Builder bad = admin.request("/api/v1/config/check")
                .POST(HttpRequest.BodyPublishers.ofString("pools: {blue: {endpoints: [1]}}\n"))
                .header("Content-Type", "application/yaml; charset=utf-8");

        assertThat(json(admin.send(good), 200).get("valid").asBoolean()).isTrue();
        JsonNode check = json(admin.send(bad), 200);
        assertThat(check.get("valid").asBoolean()).isFalse();
        assertThat(check.at("/problems/0/line").asInt()).isPositive();
        assertThat(check.at("/problems/0/found").asString()).isNotBlank();
    }

    @Test
    void reloadAppliesTheFileOrSaysEverythingThatIsWrong() throws Exception {
        Files.writeString(admin.file, RunningAdmin.CONFIG.replace("blue: 95, green: 5", "blue: 50, green: 50"));
        assertThat(json(admin.send(admin.json("POST", "/api/v1/config/reload", "{\"reason\":\"now\"}")), 200)
                        .get("changed")
                        .asBoolean())
                .isTrue();
        assertThat(shop().at("/weights/blue").asInt()).isEqualTo(50);

        Files.writeString(admin.file, "routes: 1\n");
        HttpResponse<String> refused = admin.send(admin.json("POST", "/api/v1/config/reload", ""));
        assertThat(json(refused, 409).get("type").asString()).isEqualTo("urn:turnout:problem:invalid-config");
        assertThat(JSON.readTree(refused.body()).at("/problems/0/line").asInt()).isPositive();
        assertThat(shop().at("/weights/blue").asInt()).isEqualTo(50);

        Files.delete(admin.file);
        assertThat(json(admin.send(admin.json("POST", "/api/v1/config/reload", "")), 409)
                        .get("type")
                        .asString())
                .isEqualTo("urn:turnout:problem:unreadable-config");
    }

    @Test
    void explainSaysRouteVariantAndWhy() throws Exception {
        JsonNode forced = json(
                admin.send(
                        admin.json(
                                "POST",
                                "/api/v1/explain",
                                "{\"host\":\"shop.example.com\",\"target\":\"/cart?x=1\",\"headers\":{\"X-Canary\":\"always\"}}")),
                200);
        assertThat(forced.at("/choice/pool").asString()).isEqualTo("green");
        assertThat(forced.at("/choice/reason").asString()).isEqualTo("forced");
        JsonNode none =
                json(admin.send(admin.json("POST", "/api/v1/explain", "{\"host\":\"other.example.com\"}")), 200);
        assertThat(none.get("choice").isNull()).isTrue();
        assertProblem(
                admin.send(admin.json("POST", "/api/v1/explain", "{\"client\":\"somewhere\"}")),
                400,
                "invalid",
                "somewhere",
                "");
    }

    @Test
    void auditTellsWhoDidWhatFromWhereAndWhyNewestFirst() throws Exception {
        admin.send(admin.json("POST", "/api/v1/routes/shop/switch", "{\"to\":\"green\",\"reason\":\"release\"}")
                .header("Turnout-Actor", "bob")
                .header("Turnout-Source", "cli"));

        JsonNode newest = json(admin.get("/api/v1/audit?limit=1"), 200);

        assertThat(newest).hasSize(1);
        assertThat(newest.at("/0/actor").asString()).isEqualTo("bob");
        assertThat(newest.at("/0/source").asString()).isEqualTo("cli");
        assertThat(newest.at("/0/action").asString()).isEqualTo("switch");
        assertThat(newest.at("/0/reason").asString()).isEqualTo("release");
        assertProblem(admin.get("/api/v1/audit?limit=0"), 400, "malformed-request", "limit", "1 to 1000");
        assertProblem(admin.get("/api/v1/audit?count=5"), 400, "malformed-request", "count", "limit");
    }

    @Test
    void actorsAreBoundedAndAnonymousWithoutAName() throws Exception {
        assertProblem(
                admin.send(admin.json("POST", "/api/v1/routes/shop/switch", "{\"to\":\"green\"}")
                        .header("Turnout-Actor", "a".repeat(101))),
                400,
                "malformed-request",
                "101",
                "100");
        switchTo("green");
        assertThat(shop().at("/override/actor").asString()).isEqualTo("anonymous");
    }

    @Test
    void readinessFollowsTheProcessAndLivenessDoesNot() throws Exception {
        assertThat(admin.get("/readyz").statusCode()).isEqualTo(200);
        admin.obstacle.set("draining");

        assertThat(admin.get("/readyz").statusCode()).isEqualTo(503);
        assertThat(admin.get("/readyz").body()).contains("draining");
        assertThat(admin.get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void readsTakeNoOtherMethodAndChangesAreNeverMadeByGet() throws Exception {
        List<String> changes = List.of(
                "PUT /api/v1/routes/shop/weights",
                "POST /api/v1/routes/shop/switch",
                "DELETE /api/v1/routes/shop/override",
                "POST /api/v1/pools/blue/endpoints/127.0.0.1:9001/drain",
                "POST /api/v1/pools/blue/endpoints/127.0.0.1:9001/resume",
                "POST /api/v1/config/reload",
                "POST /api/v1/config/check",
                "POST /api/v1/explain");
        for (String call : changes) {
            String[] parts = call.split(" ");
            HttpResponse<String> response = admin.get(parts[1]);
            assertThat(response.statusCode()).as(call).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).hasValue(parts[0]);
        }
        HttpResponse<String> posted = admin.send(admin.json("POST", "/api/v1/status", "{}"));
        assertProblem(posted, 405, "method-not-allowed", "POST", "GET, HEAD");
        assertProblem(admin.get("/api/v2/status"), 404, "no-such-call", "/api/v2/status", "/api/v1/status");
        assertThat(admin.control().generation()).isEqualTo(1);
    }

    @Test
    void bodiesOfOtherMediaTypesAreRefused() throws Exception {
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "application/jsonx")) {
            HttpRequest.Builder request = admin.request("/api/v1/routes/shop/switch")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"to\":\"green\"}"))
                    .header("Content-Type", type);
            assertProblem(admin.send(request), 415, "media-type", type, "application/json");
        }
        assertProblem(
                admin.send(admin.request("/api/v1/routes/shop/switch")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"to\":\"green\"}"))),
                415,
                "media-type",
                "no Content-Type",
                "application/json");
    }

    @Test
    void changesOfManyClientsAtOnceAreMadeOneAfterTheOther() throws Exception {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String pool = i % 2 == 0 ? "green" : "blue";
            Thread client = new Thread(() -> {
                try {
                    json(switchTo(pool), 200);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            clients.add(client);
            client.start();
        }
        for (Thread client : clients) {
            client.join();
        }

        JsonNode audit = json(admin.get("/api/v1/audit?limit=1000"), 200);
        assertThat(audit.at("/0/generation").asLong()).isEqualTo(admin.control().generation());
    }
}
