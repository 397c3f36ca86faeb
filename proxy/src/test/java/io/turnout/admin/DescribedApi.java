package io.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.turnout.admin.Call.Purpose;
import io.turnout.admin.Doorkeeper.Access;
import io.turnout.admin.live.EventStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The API as {@code /openapi.json} describes it, to hold answers against. */
final class DescribedApi {
    static final JsonMapper JSON = new JsonMapper();
    static final String LADDER = """
              - name: ladder
                match: {host: ladder.example.com}
                split: {weights: {blue: 100, green: 0}}
                guard: {stable: blue}
                rollout: {canary: green, steps: [10%, 50%], hold: 1h}
                smoke: [{name: front, request: {path: /}}]
            """;
    static final String TOKENS = """
            admin:
              tokens:
                - {name: grafana, role: viewer, token: viewer-token-0123456789}
                - {name: deploy, role: operator, token: operator-token-0123456789}
            """;

    private static final Pattern CONTENT_TYPE = Pattern.compile("(?i)\r\ncontent-type: *([^;\r]+)");

    /** A body for each operation that takes one; the order is that of the calls, so that each finds the state it needs. */
    static final Map<String, String> BODIES = bodies();

    static Map<String, String> bodies() {
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put("explain", "{\"host\": \"shop.example.com\", \"target\": \"/cart\", \"client\": \"203.0.113.9\"}");
        bodies.put("checkConfig", "pools: {blue: {endpoints: [1]}}\n");
        bodies.put("setWeights", "{\"weights\": {\"blue\": 60, \"green\": 40}, \"reason\": \"try\", \"ttl\": \"30m\"}");
        bodies.put("smoke", "{\"pool\": \"green\"}");
        bodies.put("switch", "{\"to\": \"green\", \"force\": true}");
        bodies.put("clearOverride", "{\"reason\": \"enough\"}");
        bodies.put("promoteRollout", "{\"full\": false}");
        return bodies;
    }

    static JsonNode document(RunningAdmin admin) throws Exception {
        HttpResponse<String> response =
                admin.send(admin.request("/openapi.json").GET());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue(ApiDocument.TYPE);
        return JSON.readTree(response.body());
    }

    static List<Call> calls(RunningAdmin admin) {
        var events = new EventStream(
                admin.control(), ImmediateEventExecutor.INSTANCE, admin.setup().clock());
        try (var metrics = new MetricsPage(admin.control(), events.counts(), "")) {
            var eventCalls = new EventCalls(events, new Doorkeeper(admin.setup().access()));
            return AdminServer.calls(admin.setup(), Runnable::run, metrics, eventCalls);
        }
    }

    /** One described operation with its call. */
    record Operation(ApiOperation described, Call call, JsonNode node) {
        String id() {
            return described.id();
        }

        /** The path with names of things that exist. */
        String path(String route) {
            return described
                    .path()
                    .replace("{route}", id().endsWith("Rollout") || id().equals("smoke") ? "ladder" : route)
                    .replace("{pool}", "blue")
                    .replace("{address}", "127.0.0.1:9001")
                    .replace("{listener}", "web")
                    .replace("{file}", "console.css");
        }

        boolean isLocked() {
            return call.access() == Access.VIEWER || call.access() == Access.OPERATOR;
        }
    }

    static List<Operation> operations(RunningAdmin admin) throws Exception {
        JsonNode document = document(admin);
        List<Operation> operations = new ArrayList<>();
        for (ApiOperation described : ApiOperations.all()) {
            Call call = calls(admin).stream()
                    .filter(described::describes)
                    .findFirst()
                    .orElseThrow();
            JsonNode node = document.get("paths")
                    .get(described.path())
                    .get(described.method().toLowerCase(java.util.Locale.ROOT));
            operations.add(new Operation(described, call, node));
        }
        return operations;
    }

    static HttpRequest.Builder request(RunningAdmin admin, Operation operation, String path) {
        String body = BODIES.get(operation.id());
        HttpRequest.Builder request = admin.request(path)
                .method(
                        operation.call().method(),
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        boolean yaml = operation.call().purpose() == Purpose.CHECK_YAML;
        return body == null ? request : request.header("Content-Type", yaml ? "application/yaml" : "application/json");
    }

    /** The schema in the context of the whole document; answers may have no member that it does not name. */
    static Schema schema(JsonNode document, JsonNode schema) {
        ObjectNode whole = (ObjectNode) document.deepCopy();
        whole.get("components").get("schemas").forEach(each -> {
            if (each instanceof ObjectNode object && object.has("properties")) {
                object.put("additionalProperties", false);
            }
        });
        ObjectNode root = JSON.createObjectNode();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.set("components", whole.get("components"));
        root.set("allOf", JSON.createArrayNode().add(schema));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(root);
    }

    /** What of an answer is described. */
    record Answered(int status, String type, String body) {
        static Answered of(HttpResponse<String> response) {
            String type = response.headers().firstValue("Content-Type").orElse("");
            return new Answered(response.statusCode(), type.replaceFirst(";.*", ""), response.body());
        }

        /** One read off the wire, for requests that no client would make. */
        static Answered of(String response) {
            Matcher type = CONTENT_TYPE.matcher(response);
            return new Answered(
                    Integer.parseInt(response.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length())),
                    type.find() ? type.group(1) : "",
                    response.substring(response.indexOf("\r\n\r\n") + 4));
        }
    }

    static void assertDescribed(JsonNode document, Operation operation, HttpResponse<String> response) {
        assertDescribed(document, operation, Answered.of(response));
    }

    static void assertDescribed(JsonNode document, Operation operation, Answered response) {
        String status = Integer.toString(response.status());
        String what = operation.id() + " " + status + " " + response.body();
        JsonNode described = operation.node().get("responses").get(status);
        assertThat(described).as(what).isNotNull();
        String type = response.type();
        JsonNode content = described.get("content");
        if (operation.id().equals("consoleFile") && status.equals("200")) {
            return;
        }
        assertThat(content.has(type)).as(what + " as " + type).isTrue();
        JsonNode schema = content.get(type).get("schema");
        if (schema != null && type.endsWith("json")) {
            assertThat(schema(document, schema).validate(response.body(), InputFormat.JSON))
                    .as(what)
                    .isEmpty();
        }
        if (described.has("x-problem-types")) {
            List<String> kinds = new ArrayList<>();
            described.get("x-problem-types").forEach(kind -> kinds.add(kind.asString()));
            assertThat(kinds)
                    .as(what)
                    .contains(JSON.readTree(response.body()).get("type").asString());
        }
    }

    private DescribedApi() {}
}
