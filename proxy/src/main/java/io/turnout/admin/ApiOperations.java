package io.turnout.admin;

import io.turnout.adminapi.ActionRequest;
import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.ChangeAnswer;
import io.turnout.adminapi.ConfigCheck;
import io.turnout.adminapi.ExplainAnswer;
import io.turnout.adminapi.ExplainRequest;
import io.turnout.adminapi.PromoteRequest;
import io.turnout.adminapi.RouteDifferences;
import io.turnout.adminapi.RouteEvidence;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.SmokeReport;
import io.turnout.adminapi.SmokeRequest;
import io.turnout.adminapi.Status;
import io.turnout.adminapi.SwitchRequest;
import io.turnout.adminapi.WeightsRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Every call, described: what {@code /openapi.json} is made of. A test holds it to the calls there are, and another makes
 * each call and each refusal and holds the answers to what is said here.
 */
final class ApiOperations {
    private static final String ROUTE = "/api/v1/routes/{route}";
    private static final String LISTENER = "/api/v1/listeners/{listener}";
    private static final String POOL = "/api/v1/pools/{pool}";
    private static final String ENDPOINT = POOL + "/endpoints/{address}";

    private ApiOperations() {}

    static List<ApiOperation> all() {
        List<ApiOperation> all = new ArrayList<>();
        all.addAll(views());
        all.addAll(changes());
        all.addAll(rollouts());
        all.addAll(around());
        return all;
    }

    private static List<ApiOperation> views() {
        return List.of(
                ApiOperation.look("/api/v1/status", "status", "Everything at a glance")
                        .answers(Status.class),
                ApiOperation.look(ROUTE, "route", "One route").answers(RouteStatus.class),
                ApiOperation.look(ROUTE + "/evidence", "evidence", "What the guard knows, against its limits")
                        .answers(RouteEvidence.class),
                ApiOperation.look(ROUTE + "/differences", "differences", "What the mirrors found")
                        .answers(RouteDifferences.class),
                ApiOperation.look("/api/v1/config", "config", "The configuration in force, secrets redacted")
                        .answers(Answer.YAML)
                        .mayFailFor(ProblemKind.BUSY),
                ApiOperation.look("/api/v1/audit", "audit", "Who did what, from where and why, the newest first")
                        .answersMany(AuditEntry.class),
                ApiOperation.look("/api/v1/events", "events", "What happens, as it happens, as server-sent events")
                        .answers(EventCalls.EVENTS)
                        .mayFailFor(ProblemKind.BUSY),
                ApiOperation.of("POST", "/api/v1/explain", "explain", "Which route, variant and why")
                        .takes(ExplainRequest.class)
                        .answers(ExplainAnswer.class)
                        .mayFailFor(ProblemKind.INVALID),
                ApiOperation.of("POST", "/api/v1/config/check", "checkConfig", "What a reload would say to this YAML")
                        .answers(ConfigCheck.class)
                        .mayFailFor(ProblemKind.INVALID, ProblemKind.BUSY));
    }

    private static List<ApiOperation> changes() {
        return List.of(
                change("PUT", ROUTE + "/weights", "setWeights", "Lays weights over those of the file")
                        .takes(WeightsRequest.class, "weights")
                        .mayFailFor(ProblemKind.INVALID, ProblemKind.UNKNOWN_POOL, ProblemKind.NOT_ALLOWED),
                change("POST", ROUTE + "/switch", "switch", "Sends all traffic to one pool")
                        .takes(SwitchRequest.class, "to")
                        .mayFailFor(ProblemKind.INVALID, ProblemKind.UNKNOWN_POOL, ProblemKind.NOT_ALLOWED),
                ApiOperation.of("POST", ROUTE + "/smoke", "smoke", "Asks an idle pool the smoke tests of the route")
                        .takes(SmokeRequest.class)
                        .answers(SmokeReport.class)
                        .mayFailFor(ProblemKind.UNKNOWN_POOL, ProblemKind.NOT_ALLOWED),
                change("DELETE", ROUTE + "/override", "clearOverride", "Puts the weights of the file in force again")
                        .takes(ActionRequest.class)
                        .mayFailFor(ProblemKind.NOT_ALLOWED),
                change("POST", LISTENER + "/drain", "drainListener", "Lets a listener take no more connections")
                        .takes(ActionRequest.class)
                        .mayFailFor(ProblemKind.LISTENER_FAILED),
                change("POST", LISTENER + "/resume", "resumeListener", "Lets a listener take connections again")
                        .takes(ActionRequest.class)
                        .mayFailFor(ProblemKind.LISTENER_FAILED),
                change("POST", POOL + "/drain", "drainPool", "Gives no endpoint of a pool new requests")
                        .takes(ActionRequest.class)
                        .mayFailFor(ProblemKind.NOT_ALLOWED),
                change("POST", POOL + "/resume", "resumePool", "Takes a pool back into service")
                        .takes(ActionRequest.class)
                        .mayFailFor(ProblemKind.NOT_ALLOWED),
                change("POST", ENDPOINT + "/drain", "drainEndpoint", "Gives an endpoint no new requests")
                        .takes(ActionRequest.class)
                        .mayFailFor(ProblemKind.NOT_ALLOWED),
                change("POST", ENDPOINT + "/resume", "resumeEndpoint", "Takes an endpoint back into service")
                        .takes(ActionRequest.class)
                        .mayFailFor(ProblemKind.NOT_ALLOWED),
                change("POST", "/api/v1/config/reload", "reload", "Reads the file again now")
                        .takes(ActionRequest.class)
                        .mayFailFor(
                                ProblemKind.INVALID_CONFIG,
                                ProblemKind.UNREADABLE_CONFIG,
                                ProblemKind.LISTENER_FAILED,
                                ProblemKind.SUPERSEDED));
    }

    private static List<ApiOperation> rollouts() {
        return List.of(
                rollout("start", "Begins the rollout"),
                rollout("pause", "Stays at the present weight"),
                rollout("resume", "Goes on after a pause"),
                rollout("promote", "Goes to the next step, or to the end").takes(PromoteRequest.class),
                rollout("revert", "Takes all traffic of the canary away"),
                rollout("retry", "Once more from the first step, after a revert"));
    }

    private static ApiOperation rollout(String verb, String summary) {
        return change("POST", ROUTE + "/rollout/" + verb, verb + "Rollout", summary)
                .takes(ActionRequest.class)
                .mayFailFor(ProblemKind.INVALID, ProblemKind.NOT_ALLOWED, ProblemKind.WRONG_PHASE);
    }

    private static ApiOperation change(String method, String path, String id, String summary) {
        return ApiOperation.of(method, path, id, summary).answers(ChangeAnswer.class);
    }

    private static List<ApiOperation> around() {
        return List.of(
                ApiOperation.look("/metrics", "metrics", "Metrics for Prometheus"),
                ApiOperation.look("/livez", "alive", "Whether the process answers"),
                ApiOperation.look("/readyz", "ready", "Whether it should get traffic")
                        .mayFailFor(ProblemKind.NOT_READY),
                ApiOperation.look("/openapi.json", "description", "This description")
                        .answers(ApiDocument.TYPE),
                ApiOperation.look("/", "console", "The console").answers("text/html"),
                ApiOperation.look("/console/{file}", "consoleFile", "What the console is made of")
                        .answers("application/octet-stream")
                        .mayFailFor(ProblemKind.NO_SUCH_CALL),
                ApiOperation.look("/console/extras.json", "extras", "Names of calls beyond these, as the demo has")
                        .answers(Answer.JSON));
    }
}
