package io.turnout.admin;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.turnout.admin.Call.Purpose;
import io.turnout.admin.Doorkeeper.Access;
import io.turnout.admin.live.EventStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Holds {@code /openapi.json} to the standard, and the server to {@code /openapi.json}: every call, every refusal. */
class OpenApiTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String LADDER = """
              - name: ladder
                match: {host: ladder.example.com}
                split: {weights: {blue: 100, green: 0}}
                guard: {stable: blue}
                rollout: {canary: green, steps: [10%, 50%], hold: 1h}
                smoke: [{name: front, request: {path: /}}]
            """;
    private static final String TOKENS = """
            admin:
              tokens:
                - {name: grafana, role: viewer, token: viewer-token-0123456789}
                - {name: deploy, role: operator, token: operator-token-0123456789}
            """;

    /** A body for each operation that takes one; the order is that of the calls, so that each finds the state it needs. */
    private static final Map<String, String> BODIES = bodies();

    @TempDir
    private Path folder;

    private static Map<String, String> bodies() {
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

    private static JsonNode document(RunningAdmin admin) throws Exception {
        HttpResponse<String> response =
                admin.send(admin.request("/openapi.json").GET());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue(ApiDocument.TYPE);
        return JSON.readTree(response.body());
    }

    private static List<Call> calls(RunningAdmin admin) {
        var events = new EventStream(
                admin.control(), ImmediateEventExecutor.INSTANCE, admin.setup().clock());
        try (var metrics = new MetricsPage(admin.control(), events.counts(), "")) {
            var eventCalls = new EventCalls(events, new Doorkeeper(admin.setup().access()));
            return AdminServer.calls(admin.setup(), Runnable::run, metrics, eventCalls);
        }
    }

    /** One described operation with its call. */
    private record Operation(ApiOperation described, Call call, JsonNode node) {
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

    private static List<Operation> operations(RunningAdmin admin) throws Exception {
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

    private static HttpRequest.Builder request(RunningAdmin admin, Operation operation, String path) {
        String body = BODIES.get(operation.id());
        HttpRequest.Builder request = admin.request(path)
                .method(
                        operation.call().method(),
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        boolean yaml = operation.call().purpose() == Purpose.CHECK_YAML;
        return body == null ? request : request.header("Content-Type", yaml ? "application/yaml" : "application/json");
    }

    /** The schema in the context of the whole document; answers may have no member that it does not name. */
    private static Schema schema(JsonNode document, JsonNode schema) {
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

    @Test
    void anAnswerThatIsNotAsDescribedWouldShow() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder)) {
            JsonNode document = document(admin);
            Schema change = schema(document, JSON.readTree("{\"$ref\": \"#/components/schemas/ChangeAnswer\"}"));
            String good = "{\"generation\": 8, \"changed\": true, \"summary\": \"x\", \"notes\": []}";

            assertThat(change.validate(good, InputFormat.JSON)).isEmpty();
            assertThat(change.validate(good.replace("8", "\"8\""), InputFormat.JSON))
                    .isNotEmpty();
            assertThat(change.validate(good.replace("notes", "more"), InputFormat.JSON))
                    .isNotEmpty();
            assertThat(change.validate(good.replace("\"x\"", "null"), InputFormat.JSON))
                    .isNotEmpty();
        }
    }

    private static void assertDescribed(JsonNode document, Operation operation, HttpResponse<String> response) {
        String status = Integer.toString(response.statusCode());
        String what = operation.id() + " " + status + " " + response.body();
        JsonNode described = operation.node().get("responses").get(status);
        assertThat(described).as(what).isNotNull();
        String type = response.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
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

    @Test
    void theDocumentIsValidOpenApi31() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder);
                InputStream official = requireNonNull(getClass().getResourceAsStream("/openapi-3.1/schema.json"))) {
            JsonNode document = document(admin);
            SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

            assertThat(registry.getSchema(JSON.readTree(official)).validate(document))
                    .isEmpty();
            Schema meta = registry.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
            document.get("components")
                    .get("schemas")
                    .forEach(schema -> assertThat(meta.validate(schema)).isEmpty());
            for (JsonNode reference : document.findValues("$ref")) {
                assertThat(document.at(reference.asString().substring(1)).isMissingNode())
                        .as(reference.asString())
                        .isFalse();
            }
        }
    }

    @Test
    void everyCallIsDescribedAndNoOther() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder)) {
            List<String> calls = calls(admin).stream()
                    .map(call -> call.method() + " /" + String.join("/", call.template()))
                    .toList();
            List<String> described = ApiOperations.all().stream()
                    .map(each -> each.method() + " " + each.path().replaceAll("\\{[a-z]+}", "{}"))
                    .toList();

            assertThat(described)
                    .as("each call has a line in ApiOperations")
                    .containsExactlyInAnyOrderElementsOf(calls);
            assertThat(ApiOperations.all()).extracting(ApiOperation::id).doesNotHaveDuplicates();
        }
    }

    @Test
    void everyCallAnswersAsDescribed() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder, LADDER)) {
            JsonNode document = document(admin);
            for (Operation operation : operations(admin)) {
                if (operation.id().equals("events")) {
                    continue; // has no end: EventStreamTest listens, and its events are checked below
                }
                HttpResponse<String> response = admin.send(request(admin, operation, operation.path("shop")));

                assertThat(response.statusCode())
                        .as(operation.id() + response.body())
                        .isEqualTo(200);
                assertDescribed(document, operation, response);
            }
        }
    }

    @Test
    void everyEventIsAsDescribed() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder, LADDER);
                var listener = new EventListener(admin)) {
            JsonNode document = document(admin);
            JsonNode events = document.at("/paths/~1api~1v1~1events/get/responses/200/content")
                    .get("text/event-stream")
                    .get("x-events");
            TreeSet<String> heard = new TreeSet<>();
            while (heard.size() < events.size()) {
                EventListener.Event event = listener.next();
                assertThat(schema(document, events.get(event.name())).validate(event.data()))
                        .as(event.name())
                        .isEmpty();
                if (heard.add(event.name()) && event.name().equals("snapshot")) {
                    admin.send(admin.json("POST", "/api/v1/routes/shop/switch", "{\"to\": \"green\"}"));
                }
            }
        }
    }

    /** A way to be refused, for the calls it applies to. */
    private interface Refused {
        HttpRequest.@Nullable Builder request(RunningAdmin admin, Operation operation);
    }

    @Test
    void everyCallIsRefusedAsDescribed() throws Exception {
        Map<ProblemKind, Refused> refusals = new LinkedHashMap<>();
        refusals.put(
                ProblemKind.FOREIGN_ORIGIN,
                (admin, operation) -> operation.isLocked()
                        ? operator(request(admin, operation, operation.path("shop")))
                                .header("Origin", "http://evil.example")
                        : null);
        refusals.put(
                ProblemKind.NO_TOKEN,
                (admin, operation) -> operation.isLocked() ? request(admin, operation, operation.path("shop")) : null);
        refusals.put(
                ProblemKind.ROLE_TOO_LOW,
                (admin, operation) -> operation.call().access() == Access.OPERATOR
                        ? request(admin, operation, operation.path("shop"))
                                .header("Authorization", "Bearer viewer-token-0123456789")
                        : null);
        refusals.put(
                ProblemKind.UNKNOWN_ROUTE,
                (admin, operation) -> operation.described().path().contains("{route}")
                        ? operator(request(
                                admin, operation, operation.described().path().replace("{route}", "nowhere")))
                        : null);
        refusals.put(
                ProblemKind.UNKNOWN_POOL,
                (admin, operation) -> operation.described().path().contains("{pool}")
                        ? operator(
                                request(admin, operation, operation.path("shop").replace("blue", "grey")))
                        : null);
        refusals.put(
                ProblemKind.UNKNOWN_ENDPOINT,
                (admin, operation) -> operation.described().path().contains("{address}")
                        ? operator(
                                request(admin, operation, operation.path("shop").replace("9001", "1")))
                        : null);
        refusals.put(
                ProblemKind.UNKNOWN_LISTENER,
                (admin, operation) -> operation.described().path().contains("{listener}")
                        ? operator(
                                request(admin, operation, operation.path("shop").replace("web", "wap")))
                        : null);
        refusals.put(
                ProblemKind.BAD_JSON,
                (admin, operation) -> takesJson(operation)
                        ? operator(admin.json(operation.call().method(), operation.path("shop"), "{\"nonsense\": 1}"))
                        : null);
        refusals.put(
                ProblemKind.MEDIA_TYPE,
                (admin, operation) -> takesJson(operation)
                        ? operator(admin.request(operation.path("shop"))
                                .method(operation.call().method(), HttpRequest.BodyPublishers.ofString("{}"))
                                .header("Content-Type", "text/plain"))
                        : null);
        refusals.put(
                ProblemKind.BODY_TOO_LARGE,
                (admin, operation) -> takesJson(operation)
                        ? operator(admin.json(
                                operation.call().method(), operation.path("shop"), " ".repeat(1024 * 1024 + 1)))
                        : null);
        refusals.put(
                ProblemKind.STALE,
                (admin, operation) -> operation.call().purpose() == Purpose.CHANGE
                                && !operation.id().equals("reload")
                        ? operator(request(admin, operation, operation.path("shop")))
                                .header("If-Match", "\"999\"")
                        : null);
        refusals.put(
                ProblemKind.MALFORMED_REQUEST,
                (admin, operation) -> operation.call().purpose() == Purpose.CHANGE
                        ? operator(request(admin, operation, operation.path("shop")))
                                .header("If-Match", "7")
                        : null);
        refusals.put(
                ProblemKind.HEADER_TOO_LARGE,
                (admin, operation) -> operator(request(admin, operation, operation.path("shop")))
                        .header("X-Long", "x".repeat(20_000)));
        try (RunningAdmin admin = RunningAdmin.in(folder, LADDER + TOKENS)) {
            JsonNode document = JSON.readTree(
                    admin.send(operator(admin.request("/openapi.json").GET())).body());
            for (ApiOperation described : ApiOperations.all()) {
                Call call = calls(admin).stream()
                        .filter(described::describes)
                        .findFirst()
                        .orElseThrow();
                Operation operation = new Operation(
                        described,
                        call,
                        document.get("paths")
                                .get(described.path())
                                .get(described.method().toLowerCase(java.util.Locale.ROOT)));
                for (Map.Entry<ProblemKind, Refused> refusal : refusals.entrySet()) {
                    HttpRequest.Builder request = refusal.getValue().request(admin, operation);
                    if (request != null) {
                        HttpResponse<String> response = admin.send(request);
                        assertThat(response.body())
                                .as(operation.id() + " for " + refusal.getKey())
                                .contains(refusal.getKey().type());
                        assertDescribed(document, operation, response);
                    }
                }
            }
        }
    }

    private static boolean takesJson(Operation operation) {
        return operation.described().body() != null;
    }

    private static HttpRequest.Builder operator(HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer operator-token-0123456789");
    }

    @Test
    void whatOnlySomeCallsAreRefusedForIsAsDescribedToo() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder, LADDER)) {
            JsonNode document = document(admin);
            Map<String, Operation> byId = new LinkedHashMap<>();
            operations(admin).forEach(operation -> byId.put(operation.id(), operation));
            String shop = "/api/v1/routes/shop";

            refused(admin, document, byId, "setWeights", ProblemKind.INVALID, "PUT", shop + "/weights", "{}");
            refused(
                    admin,
                    document,
                    byId,
                    "setWeights",
                    ProblemKind.UNKNOWN_POOL,
                    "PUT",
                    shop + "/weights",
                    "{\"weights\": {\"grey\": 1}}");
            refused(admin, document, byId, "switch", ProblemKind.INVALID, "POST", shop + "/switch", "{}");
            refused(
                    admin,
                    document,
                    byId,
                    "switch",
                    ProblemKind.UNKNOWN_POOL,
                    "POST",
                    shop + "/switch",
                    "{\"to\": \"grey\"}");
            admin.send(admin.json("POST", "/api/v1/pools/green/endpoints/127.0.0.1:9011/drain", ""));
            refused(
                    admin,
                    document,
                    byId,
                    "switch",
                    ProblemKind.NOT_ALLOWED,
                    "POST",
                    shop + "/switch",
                    "{\"to\": \"green\"}");
            refused(
                    admin,
                    document,
                    byId,
                    "retryRollout",
                    ProblemKind.WRONG_PHASE,
                    "POST",
                    "/api/v1/routes/ladder/rollout/retry",
                    "");
            refused(
                    admin,
                    document,
                    byId,
                    "explain",
                    ProblemKind.INVALID,
                    "POST",
                    "/api/v1/explain",
                    "{\"client\": \"nobody\"}");
            HttpRequest.Builder keyed =
                    admin.json("POST", shop + "/switch", "{\"to\": \"blue\"}").header(IdempotencyKeys.FIELD, "k");
            assertDescribed(document, requireNonNull(byId.get("switch")), admin.send(keyed.copy()));
            HttpResponse<String> reused =
                    admin.send(admin.json("POST", shop + "/switch", "{}").header(IdempotencyKeys.FIELD, "k"));
            assertThat(reused.statusCode()).isEqualTo(422);
            assertDescribed(document, requireNonNull(byId.get("switch")), reused);
            admin.obstacle.set("draining");
            HttpResponse<String> unready = admin.get("/readyz");
            assertThat(unready.statusCode()).isEqualTo(503);
            assertDescribed(document, requireNonNull(byId.get("ready")), unready);
            Files.writeString(admin.file, "routes: 1\n");
            refused(admin, document, byId, "reload", ProblemKind.INVALID_CONFIG, "POST", "/api/v1/config/reload", "");
            Files.delete(admin.file);
            refused(
                    admin,
                    document,
                    byId,
                    "reload",
                    ProblemKind.UNREADABLE_CONFIG,
                    "POST",
                    "/api/v1/config/reload",
                    "");
        }
    }

    private static void refused(
            RunningAdmin admin,
            JsonNode document,
            Map<String, Operation> byId,
            String id,
            ProblemKind kind,
            String method,
            String path,
            String body)
            throws IOException, InterruptedException {
        HttpResponse<String> response = admin.send(admin.json(method, path, body));
        assertThat(response.body()).as(id).contains(kind.type());
        assertDescribed(document, requireNonNull(byId.get(id)), response);
    }
}
