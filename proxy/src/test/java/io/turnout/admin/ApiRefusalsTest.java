package io.turnout.admin;

import static io.turnout.admin.DescribedApi.JSON;
import static io.turnout.admin.DescribedApi.LADDER;
import static io.turnout.admin.DescribedApi.TOKENS;
import static io.turnout.admin.DescribedApi.assertDescribed;
import static io.turnout.admin.DescribedApi.calls;
import static io.turnout.admin.DescribedApi.document;
import static io.turnout.admin.DescribedApi.operations;
import static io.turnout.admin.DescribedApi.request;
import static io.turnout.admin.DescribedApi.schema;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import io.turnout.admin.Call.Purpose;
import io.turnout.admin.DescribedApi.Answered;
import io.turnout.admin.DescribedApi.Operation;
import io.turnout.admin.Doorkeeper.Access;
import io.turnout.admin.live.EventStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** Every way in which a call may be refused, for every call it applies to: as {@code /openapi.json} says. */
class ApiRefusalsTest {
    @TempDir
    private Path folder;

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

    @Test
    void everyPathRefusesEveryMethodThatIsNotListed() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder, LADDER)) {
            JsonNode problem = JSON.readTree("{\"$ref\": \"#/components/schemas/ProblemDetail\"}");
            Schema refusal = schema(document(admin), problem);
            Map<String, TreeSet<String>> methods = new LinkedHashMap<>();
            for (Operation operation : operations(admin)) {
                TreeSet<String> listed = methods.computeIfAbsent(operation.path("shop"), path -> new TreeSet<>());
                listed.add(operation.call().method());
                if (operation.call().takes("HEAD")) {
                    listed.add("HEAD");
                }
            }
            methods.forEach((path, listed) -> List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS").stream()
                    .filter(method -> !listed.contains(method))
                    .forEach(method -> assertMethodRefused(admin, refusal, method, path, String.join(", ", listed))));
            assertThat(admin.control().generation()).as("nothing was changed").isEqualTo(1);
        }
    }

    private static void assertMethodRefused(
            RunningAdmin admin, Schema refusal, String method, String path, String allowed) {
        String what = method + " " + path;
        try {
            HttpResponse<String> response =
                    admin.send(admin.request(path).method(method, HttpRequest.BodyPublishers.noBody()));
            assertThat(response.statusCode()).as(what).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).as(what).hasValue(allowed);
            assertThat(response.headers().firstValue("Content-Type")).hasValue(Answer.PROBLEM);
            assertThat(refusal.validate(response.body(), InputFormat.JSON))
                    .as(what)
                    .isEmpty();
            assertThat(response.body()).contains(ProblemKind.METHOD_NOT_ALLOWED.type());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatNoClientWouldSendIsRefusedAsDescribed() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder, LADDER)) {
            JsonNode document = document(admin);
            for (Operation operation : operations(admin)) {
                String line = operation.call().method() + " " + operation.path("shop");
                boolean probe = operation.call().access() == Access.PROBE;
                if (!probe) {
                    assertRefused(document, admin, operation, ProblemKind.WRONG_HOST, line, "evil.example");
                }
                assertRefused(
                        document,
                        admin,
                        operation,
                        ProblemKind.LINE_TOO_LONG,
                        line + "?" + "x".repeat(9_000),
                        "localhost");
                assertRefused(
                        document,
                        admin,
                        operation,
                        ProblemKind.MALFORMED_REQUEST,
                        operation.call().method() + " x",
                        "localhost");
            }
        }
    }

    private static void assertRefused(
            JsonNode document, RunningAdmin admin, Operation operation, ProblemKind kind, String line, String host)
            throws IOException {
        Answered refusal = Answered.of(RawClient.exchange(
                admin.address(), line + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"));
        assertThat(refusal.body()).as(operation.id()).contains(kind.type());
        assertDescribed(document, operation, refusal);
    }

    @Test
    void oneListenerTooManyIsRefusedAsDescribed() throws Exception {
        List<EventListener> listeners = new ArrayList<>();
        try (RunningAdmin admin = RunningAdmin.in(folder)) {
            for (int i = 0; i < EventStream.MAX_CLIENTS; i++) {
                listeners.add(new EventListener(admin));
            }
            Operation events = operations(admin).stream()
                    .filter(operation -> operation.id().equals("events"))
                    .findFirst()
                    .orElseThrow();

            HttpResponse<String> refused = admin.get("/api/v1/events");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains(ProblemKind.BUSY.type());
            assertDescribed(document(admin), events, refused);
        } finally {
            for (EventListener listener : listeners) {
                listener.close();
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
