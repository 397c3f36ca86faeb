package io.turnout.admin;

import static io.turnout.admin.RecordSchemas.members;

import io.turnout.admin.Call.Purpose;
import io.turnout.admin.Doorkeeper.Access;
import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.EndpointStatus;
import io.turnout.adminapi.GuardStatus;
import io.turnout.adminapi.Problem;
import io.turnout.adminapi.ProblemDetail;
import io.turnout.adminapi.RolloutStatus;
import io.turnout.adminapi.StreamEvent;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The API as OpenAPI 3.1, made once from the calls there are, the records they speak in, and {@link ApiOperations}. Safe for
 * any thread: it is made of nothing that changes.
 */
final class ApiDocument {
    /** Its media type, which is JSON all the same. */
    static final String TYPE = "application/vnd.oai.openapi+json;version=3.1";

    private static final Map<String, List<String>> CHOICES = Map.of(
            "GuardStatus.state", GuardStatus.STATES,
            "GuardStatusVariant.state", GuardStatus.STATES,
            "RouteEvidence.state", GuardStatus.STATES,
            "VariantEvidence.state", GuardStatus.STATES,
            "LiveViewGuard.state", GuardStatus.STATES,
            "RolloutStatus.phase", RolloutStatus.PHASES,
            "EndpointStatus.admin", List.of(EndpointStatus.ACTIVE, EndpointStatus.DRAINED),
            "Problem.severity", List.of(Problem.ERROR, Problem.WARNING));

    private final RecordSchemas schemas = new RecordSchemas(CHOICES);
    private final String version;

    private ApiDocument(String version) {
        this.version = version;
    }

    /** The call that answers with the description of these calls and of itself. */
    static Call call(List<Call> calls, String version) {
        List<Call> all = new ArrayList<>(calls);
        Body[] made = new Body[1];
        Call own = ViewCalls.look(
                "/openapi.json", Access.VIEWER, asked -> ViewCalls.now(new Answer(200, TYPE, made[0], Map.of())));
        all.add(own);
        made[0] = Json.written(new ApiDocument(version).describing(all));
        return own;
    }

    private Map<String, Object> describing(List<Call> calls) {
        Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
        for (ApiOperation operation : ApiOperations.all()) {
            for (Call call : calls) {
                if (operation.describes(call)) {
                    paths.computeIfAbsent(operation.path(), path -> new LinkedHashMap<>())
                            .put(operation.method().toLowerCase(Locale.ROOT), operation(operation, call));
                }
            }
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put("info", info());
        document.put("servers", List.of(members("url", "/")));
        document.put("security", List.of(Map.of(), members("token", List.of())));
        document.put("paths", paths);
        document.put("components", components());
        return document;
    }

    private Map<String, Object> info() {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("title", "Turnout admin API");
        info.put("version", version);
        info.put(
                "description",
                "Tokens are needed only where the configuration has any. Every refusal is application/problem+json (RFC"
                        + " 9457). A path that is not listed is 404 of type " + ProblemKind.NO_SUCH_CALL.type()
                        + ", a method that is not is 405 of type " + ProblemKind.METHOD_NOT_ALLOWED.type() + ".");
        return info;
    }

    private Map<String, Object> operation(ApiOperation operation, Call call) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("operationId", operation.id());
        described.put("summary", operation.summary());
        if (call.access() == Access.PROBE || call.access() == Access.PUBLIC) {
            described.put("security", List.of());
        } else {
            described.put("x-role", call.access() == Access.OPERATOR ? "operator" : "viewer");
        }
        List<Object> parameters = parameters(operation, call);
        if (!parameters.isEmpty()) {
            described.put("parameters", parameters);
        }
        Map<String, Object> body = body(operation, call);
        if (body != null) {
            described.put("requestBody", body);
        }
        described.put("responses", responses(operation, call));
        return described;
    }

    private static List<Object> parameters(ApiOperation operation, Call call) {
        List<Object> parameters = new ArrayList<>();
        for (String name : RecordSchemas.variables(operation.path())) {
            parameters.add(members("name", name, "in", "path", "required", true, "schema", members("type", "string")));
        }
        if (operation.id().equals("audit")) {
            Map<String, Object> limit = members("type", "integer", "minimum", 1, "maximum", 1_000, "default", 100);
            parameters.add(members("name", "limit", "in", "query", "schema", limit));
        }
        if (operation.id().equals("events")) {
            parameters.add(header("Last-Event-ID", "The id of the last event that was heard"));
        }
        if (call.purpose() == Purpose.CHANGE) {
            parameters.add(header("If-Match", "The generation in quotes: the change is done only if it is in force"));
            parameters.add(header(IdempotencyKeys.FIELD, "The same request with the same key is done once"));
            parameters.add(header(Causes.ACTOR, "Who asks, where there are no tokens"));
            parameters.add(header(Causes.SOURCE, "cli or console"));
        }
        return parameters;
    }

    private static Map<String, Object> header(String name, String description) {
        return members("name", name, "in", "header", "description", description, "schema", members("type", "string"));
    }

    private @Nullable Map<String, Object> body(ApiOperation operation, Call call) {
        if (call.purpose() == Purpose.CHECK_YAML) {
            return content("application/yaml", members("type", "string"), true);
        }
        Class<?> type = operation.body();
        if (type == null) {
            return null;
        }
        boolean required =
                call.purpose() == Purpose.ASK || !operation.bodyRequired().isEmpty();
        return content(Answer.JSON, schemas.body(type, operation.bodyRequired()), required);
    }

    private static Map<String, Object> content(String mediaType, Map<String, Object> schema, boolean required) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("required", required);
        body.put("content", members(mediaType, members("schema", schema)));
        return body;
    }

    private Map<String, Object> responses(ApiOperation operation, Call call) {
        Map<String, Object> responses = new LinkedHashMap<>();
        responses.put("200", answer(operation));
        Map<Integer, List<ProblemKind>> byStatus = problems(operation, call).stream()
                .collect(Collectors.groupingBy(ProblemKind::status, TreeMap::new, Collectors.toList()));
        byStatus.forEach((status, kinds) -> responses.put(Integer.toString(status), refusal(kinds)));
        return responses;
    }

    private Map<String, Object> answer(ApiOperation operation) {
        Class<?> type = operation.answer();
        Map<String, Object> media = new LinkedHashMap<>();
        if (type != null) {
            media.put("schema", operation.several() ? schemas.answers(type) : schemas.answer(type));
        } else if (operation.mediaType().equals(EventCalls.EVENTS)) {
            media.put("schema", members("type", "string"));
            media.put("x-events", events());
        } else if (!operation.mediaType().equals(Answer.JSON)
                && !operation.mediaType().equals(TYPE)) {
            media.put("schema", members("type", "string"));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("description", operation.summary());
        answer.put("content", members(essence(operation.mediaType()), media));
        return answer;
    }

    /** What the data of each event is, by the event's name. */
    private Map<String, Object> events() {
        Map<String, Object> events = new LinkedHashMap<>();
        events.put("snapshot", schemas.answer(StreamEvent.Snapshot.class));
        events.put("live", schemas.answer(StreamEvent.Live.class));
        events.put("status", schemas.answer(StreamEvent.StatusChanged.class));
        events.put("audit", schemas.answer(AuditEntry.class));
        return events;
    }

    private static String essence(String mediaType) {
        int parameters = mediaType.indexOf(';');
        return parameters < 0 ? mediaType : mediaType.substring(0, parameters);
    }

    private Map<String, Object> refusal(List<ProblemKind> kinds) {
        Map<String, Object> refusal = new LinkedHashMap<>();
        refusal.put("description", kinds.stream().map(ProblemKind::title).collect(Collectors.joining("; ")));
        refusal.put("content", members(Answer.PROBLEM, members("schema", schemas.answer(ProblemDetail.class))));
        refusal.put("x-problem-types", kinds.stream().map(ProblemKind::type).toList());
        return refusal;
    }

    /** What a call may be refused for: by what any call may, by its kind, by what its path names, and by itself. */
    static Set<ProblemKind> problems(ApiOperation operation, Call call) {
        Set<ProblemKind> problems = EnumSet.of(
                ProblemKind.MALFORMED_REQUEST,
                ProblemKind.TOO_SLOW,
                ProblemKind.BODY_TOO_LARGE,
                ProblemKind.LINE_TOO_LONG,
                ProblemKind.MEDIA_TYPE,
                ProblemKind.HEADER_TOO_LARGE,
                ProblemKind.INTERNAL);
        problems.addAll(operation.problems());
        if (call.access() != Access.PROBE) {
            problems.add(ProblemKind.FOREIGN_ORIGIN);
            problems.add(ProblemKind.WRONG_HOST);
        }
        if (call.access() == Access.VIEWER || call.access() == Access.OPERATOR) {
            problems.add(ProblemKind.NO_TOKEN);
        }
        if (call.access() == Access.OPERATOR) {
            problems.add(ProblemKind.ROLE_TOO_LOW);
        }
        if (call.purpose() == Purpose.ASK || call.purpose() == Purpose.CHANGE) {
            problems.add(ProblemKind.BAD_JSON);
        }
        if (call.purpose() == Purpose.CHANGE) {
            problems.addAll(List.of(
                    ProblemKind.STALE,
                    ProblemKind.KEY_REUSED,
                    ProblemKind.NOT_SAVED,
                    ProblemKind.BUSY,
                    ProblemKind.UNCONFIRMED));
        }
        for (String name : RecordSchemas.variables(operation.path())) {
            switch (name) {
                case "route" -> problems.add(ProblemKind.UNKNOWN_ROUTE);
                case "pool" -> problems.add(ProblemKind.UNKNOWN_POOL);
                case "listener" -> problems.add(ProblemKind.UNKNOWN_LISTENER);
                case "address" -> problems.add(ProblemKind.UNKNOWN_ENDPOINT);
                default -> {}
            }
        }
        return problems;
    }

    private Map<String, Object> components() {
        Map<String, Object> components = new LinkedHashMap<>();
        components.put("schemas", schemas.all());
        components.put("securitySchemes", members("token", members("type", "http", "scheme", "bearer")));
        return components;
    }
}
