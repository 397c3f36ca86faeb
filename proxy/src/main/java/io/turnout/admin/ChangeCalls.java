package io.turnout.admin;

import io.turnout.admin.Call.Asked;
import io.turnout.admin.Call.Purpose;
import io.turnout.admin.Doorkeeper.Access;
import io.turnout.adminapi.ActionRequest;
import io.turnout.adminapi.PromoteRequest;
import io.turnout.adminapi.SmokeRequest;
import io.turnout.adminapi.SwitchRequest;
import io.turnout.adminapi.WeightsRequest;
import io.turnout.config.shape.Units;
import io.turnout.control.Cause;
import io.turnout.control.Command;
import io.turnout.control.Command.Preconditions;
import io.turnout.control.Control;
import io.turnout.control.SmokeAnswer;
import io.turnout.rollout.Verb;
import io.turnout.snapshot.Overlay.EndpointId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The calls that move traffic. Each becomes one command, and its answer is the command's result: when it is 200, the
 * next request lives in the new world. Safe for any thread.
 */
final class ChangeCalls {
    private static final String ROLLOUT = "/api/v1/routes/{}/rollout/";

    private final Control control;
    private final Causes causes;

    ChangeCalls(Control control, Causes causes) {
        this.control = control;
        this.causes = causes;
    }

    List<Call> calls() {
        return List.of(
                change("PUT", "/api/v1/routes/{}/weights", this::weights),
                change("POST", "/api/v1/routes/{}/switch", this::switchTo),
                change("DELETE", "/api/v1/routes/{}/override", this::clearOverride),
                Call.of("POST", "/api/v1/routes/{}/smoke", Access.OPERATOR, Purpose.ASK, this::smoke),
                rollout("start", Verb.START),
                rollout("pause", Verb.PAUSE),
                rollout("resume", Verb.RESUME),
                change("POST", ROLLOUT + "promote", this::promote),
                rollout("revert", Verb.REVERT),
                rollout("retry", Verb.RETRY),
                change("POST", "/api/v1/listeners/{}/drain", this::drainListener),
                change("POST", "/api/v1/listeners/{}/resume", this::resumeListener),
                change("POST", "/api/v1/pools/{}/drain", this::drainPool),
                change("POST", "/api/v1/pools/{}/resume", this::resumePool),
                change("POST", "/api/v1/pools/{}/endpoints/{}/drain", this::drain),
                change("POST", "/api/v1/pools/{}/endpoints/{}/resume", this::resume));
    }

    private static Call change(String method, String path, Call.Handler handler) {
        return Call.of(method, path, Access.OPERATOR, Purpose.CHANGE, handler);
    }

    private CompletionStage<Answer> weights(Asked asked) throws RefusedCall {
        WeightsRequest body = Json.read(asked.request().body(), WeightsRequest.class);
        Map<String, Integer> weights = body.weights();
        if (weights == null || weights.isEmpty()) {
            throw invalid(
                    "no \"weights\"", "a weight for each pool, as in {\"weights\": {\"blue\": 90, \"green\": 10}}");
        }
        if (weights.containsValue(null)) {
            throw invalid("null as a weight", "integers from 0 to 1,000,000");
        }
        Cause cause = causes.of(asked, body.reason());
        return submitted(new Command.SetWeights(asked.variable(0), weights, ttl(body.ttl()), cause));
    }

    private static @Nullable Duration ttl(@Nullable String text) throws RefusedCall {
        if (text == null) {
            return null;
        }
        Duration ttl = Units.duration(text);
        if (ttl == null || ttl.isZero()) {
            throw invalid("the ttl \"" + Json.shown(text) + "\"", "a duration with its unit, such as 30m");
        }
        return ttl;
    }

    private CompletionStage<Answer> switchTo(Asked asked) throws RefusedCall {
        SwitchRequest body = Json.read(asked.request().body(), SwitchRequest.class);
        String to = body.to();
        if (to == null) {
            throw invalid("no \"to\"", "the pool that gets all traffic, as in {\"to\": \"green\"}");
        }
        Preconditions preconditions = body.forced() ? Preconditions.SKIPPED : Preconditions.CHECKED;
        return submitted(new Command.SwitchTo(asked.variable(0), to, preconditions, causes.of(asked, body.reason())));
    }

    private CompletionStage<Answer> clearOverride(Asked asked) throws RefusedCall {
        return submitted(new Command.ClearOverride(asked.variable(0), causes.of(asked, reason(asked))));
    }

    private CompletionStage<Answer> smoke(Asked asked) throws RefusedCall {
        String pool = Json.read(asked.request().body(), SmokeRequest.class).pool();
        return control.smoke(asked.variable(0), pool)
                .thenApply(answer -> answer instanceof SmokeAnswer.Ran ran
                        ? ViewCalls.json(ran.report())
                        : CommandAnswers.of(((SmokeAnswer.NotRun) answer).why()));
    }

    private Call rollout(String name, Verb verb) {
        return change(
                "POST",
                ROLLOUT + name,
                asked -> submitted(
                        new Command.SteerRollout(asked.variable(0), verb, null, causes.of(asked, reason(asked)))));
    }

    private CompletionStage<Answer> promote(Asked asked) throws RefusedCall {
        Body sent = asked.request().body();
        PromoteRequest body =
                sent.isEmpty() ? new PromoteRequest(null, null, null) : Json.read(sent, PromoteRequest.class);
        Integer step = body.step();
        if (step != null && step < 0) {
            throw invalid("step " + step, "the step the promotion starts from, 0 or more");
        }
        Verb verb = body.toTheEnd() ? Verb.PROMOTE_FULL : Verb.PROMOTE;
        return submitted(new Command.SteerRollout(asked.variable(0), verb, step, causes.of(asked, body.reason())));
    }

    private CompletionStage<Answer> drain(Asked asked) throws RefusedCall {
        Cause cause = causes.of(asked, reason(asked));
        return submitted(new Command.DrainEndpoint(asked.variable(0), asked.variable(1), cause));
    }

    private CompletionStage<Answer> resume(Asked asked) throws RefusedCall {
        Cause cause = causes.of(asked, reason(asked));
        return submitted(new Command.ResumeEndpoint(asked.variable(0), asked.variable(1), cause));
    }

    private CompletionStage<Answer> drainPool(Asked asked) throws RefusedCall {
        Cause cause = causes.of(asked, reason(asked));
        return submitted(new Command.DrainEndpoint(asked.variable(0), EndpointId.ALL, cause));
    }

    private CompletionStage<Answer> resumePool(Asked asked) throws RefusedCall {
        Cause cause = causes.of(asked, reason(asked));
        return submitted(new Command.ResumeEndpoint(asked.variable(0), EndpointId.ALL, cause));
    }

    private CompletionStage<Answer> drainListener(Asked asked) throws RefusedCall {
        return submitted(new Command.DrainListener(asked.variable(0), causes.of(asked, reason(asked))));
    }

    private CompletionStage<Answer> resumeListener(Asked asked) throws RefusedCall {
        return submitted(new Command.ResumeListener(asked.variable(0), causes.of(asked, reason(asked))));
    }

    /** The reason in a body that may be left out. */
    static @Nullable String reason(Asked asked) throws RefusedCall {
        Body body = asked.request().body();
        return body.isEmpty() ? null : Json.read(body, ActionRequest.class).reason();
    }

    private CompletionStage<Answer> submitted(Command command) {
        return control.submit(command).thenApply(CommandAnswers::of);
    }

    private static RefusedCall invalid(String found, String expected) {
        return new RefusedCall(ProblemKind.INVALID.answer(found, expected));
    }
}
