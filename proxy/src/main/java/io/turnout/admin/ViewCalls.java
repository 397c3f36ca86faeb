package io.turnout.admin;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.turnout.admin.Call.Asked;
import io.turnout.admin.Call.Purpose;
import io.turnout.admin.Doorkeeper.Access;
import io.turnout.adminapi.ExplainRequest;
import io.turnout.adminapi.RouteDifferences;
import io.turnout.adminapi.RouteEvidence;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.Status;
import io.turnout.control.Control;
import io.turnout.control.Explained;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The calls that look. Safe for any thread: what they show is an immutable view or a counter. */
final class ViewCalls {
    private static final int DEFAULT_ENTRIES = 100;
    private static final int MAX_ENTRIES = 1_000;

    private final Control control;
    private final Readiness readiness;

    ViewCalls(Control control, Readiness readiness) {
        this.control = control;
        this.readiness = readiness;
    }

    List<Call> calls() {
        return List.of(
                look("/api/v1/status", Access.VIEWER, this::status),
                look("/api/v1/routes/{}", Access.VIEWER, this::route),
                look("/api/v1/routes/{}/evidence", Access.VIEWER, this::evidence),
                look("/api/v1/routes/{}/differences", Access.VIEWER, this::differences),
                look("/api/v1/audit", Access.VIEWER, this::audit),
                Call.of("POST", "/api/v1/explain", Access.VIEWER, Purpose.ASK, this::explain),
                look("/livez", Access.PROBE, asked -> now(Answer.text(200, "alive\n"))),
                look("/readyz", Access.PROBE, this::ready));
    }

    static Call look(String path, Access access, Call.Handler handler) {
        return Call.of("GET", path, access, Purpose.LOOK, handler);
    }

    private CompletionStage<Answer> status(Asked asked) {
        Status status = control.status();
        return now(json(status).taggedWith(status.generation()));
    }

    /** The tag is read first: should a change come between, it is too old and not too new, and protects all the same. */
    private CompletionStage<Answer> route(Asked asked) {
        long generation = control.generation();
        RouteStatus route = control.route(asked.variable(0));
        return now(route == null ? unknownRoute(asked.variable(0)) : json(route).taggedWith(generation));
    }

    private CompletionStage<Answer> evidence(Asked asked) {
        RouteEvidence evidence = control.evidence(asked.variable(0));
        return now(evidence == null ? unknownRoute(asked.variable(0)) : json(evidence));
    }

    private CompletionStage<Answer> differences(Asked asked) {
        RouteDifferences differences = control.differences(asked.variable(0));
        return now(differences == null ? unknownRoute(asked.variable(0)) : json(differences));
    }

    private Answer unknownRoute(String name) {
        String known = control.status().routes().stream()
                .map(route -> "\"" + route.name() + "\"")
                .collect(Collectors.joining(", "));
        return ProblemKind.UNKNOWN_ROUTE.answer("\"" + Json.shown(name) + "\"", "one of " + known);
    }

    private CompletionStage<Answer> audit(Asked asked) {
        Map<String, List<String>> query = new QueryStringDecoder(asked.request().target()).parameters();
        for (String name : query.keySet()) {
            if (!name.equals("limit")) {
                return now(ProblemKind.MALFORMED_REQUEST.answer(
                        "the parameter \"" + Json.shown(name) + "\"", "\"limit\""));
            }
        }
        Integer limit = limit(query.get("limit"));
        return limit == null
                ? now(ProblemKind.MALFORMED_REQUEST.answer("an unusable limit", "one integer from 1 to " + MAX_ENTRIES))
                : now(json(control.audit(limit)).taggedWith(control.generation()));
    }

    private static @Nullable Integer limit(@Nullable List<String> given) {
        if (given == null) {
            return DEFAULT_ENTRIES;
        }
        if (given.size() != 1 || !given.get(0).matches("[0-9]{1,4}")) {
            return null;
        }
        int limit = Integer.parseInt(given.get(0));
        return limit < 1 || limit > MAX_ENTRIES ? null : limit;
    }

    private CompletionStage<Answer> explain(Asked asked) throws RefusedCall {
        Explained explained = control.explain(Json.read(asked.request().body(), ExplainRequest.class));
        if (explained instanceof Explained.Refused refused) {
            return now(ProblemKind.INVALID.answer(refused.found(), refused.expected()));
        }
        var answer = ((Explained.Answered) explained).answer();
        return now(json(answer).taggedWith(answer.generation()));
    }

    private CompletionStage<Answer> ready(Asked asked) {
        String obstacle = readiness.obstacle();
        return now(
                obstacle == null
                        ? Answer.text(200, "ready\n")
                        : ProblemKind.NOT_READY.answer("not ready: " + obstacle));
    }

    static Answer json(Object value) {
        return new Answer(200, Answer.JSON, Json.written(value), Map.of());
    }

    static CompletionStage<Answer> now(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
