package io.turnout.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.turnout.admin.Doorkeeper.Access;
import io.turnout.admin.Doorkeeper.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request to its call: finds the call, asks the doorkeeper, checks the form of the body, recognises repetitions.
 *
 * <p>Confined to the admin thread.
 */
final class AdminCalls {
    private final List<Call> calls;
    private final Doorkeeper doorkeeper;
    private final IdempotencyKeys keys;

    AdminCalls(List<Call> calls, Doorkeeper doorkeeper, IdempotencyKeys keys) {
        this.calls = List.copyOf(calls);
        this.doorkeeper = doorkeeper;
        this.keys = keys;
    }

    private record Found(Call call, List<String> variables) {}

    /** Answers at once or later; never fails and never blocks. */
    CompletionStage<Answer> answer(AdminRequest request) {
        if (!request.target().startsWith("/")) {
            return now(ProblemKind.MALFORMED_REQUEST.answer("another form of target", "a path that begins with /"));
        }
        List<String> segments = decoded(request.path());
        if (segments == null) {
            return now(ProblemKind.MALFORMED_REQUEST.answer("a path that is not percent-encoded UTF-8", "%XX"));
        }
        List<Found> atPath = callsAt(segments);
        // Strangers are not told which calls there are.
        Access access = atPath.isEmpty() ? Access.VIEWER : atPath.get(0).call().access();
        for (Found found : atPath) {
            if (found.call().takes(request.method())) {
                return admitted(request, found);
            }
        }
        return doorkeeper.judge(request, access) instanceof Verdict.Refused refused
                ? now(refused.answer())
                : now(atPath.isEmpty() ? noSuchCall(request) : wrongMethod(request, atPath));
    }

    private static @Nullable List<String> decoded(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : Call.segments(path)) {
            String text = PercentText.decoded(segment);
            if (text == null) {
                return null;
            }
            segments.add(text);
        }
        return segments;
    }

    private List<Found> callsAt(List<String> segments) {
        List<Found> found = new ArrayList<>();
        for (Call call : calls) {
            List<String> variables = call.match(segments);
            if (variables != null) {
                found.add(new Found(call, variables));
            }
        }
        return found;
    }

    private static Answer noSuchCall(AdminRequest request) {
        return ProblemKind.NO_SUCH_CALL.answer(
                request.method() + " " + Json.shown(request.path()),
                "a call of docs/admin-api.md, such as /api/v1/status");
    }

    private static Answer wrongMethod(AdminRequest request, List<Found> atPath) {
        TreeSet<String> allowed = new TreeSet<>();
        for (Found found : atPath) {
            allowed.add(found.call().method());
            if (found.call().takes("HEAD")) {
                allowed.add("HEAD");
            }
        }
        String list = String.join(", ", allowed);
        return ProblemKind.METHOD_NOT_ALLOWED
                .answer(Json.shown(request.method()), list)
                .with("Allow", list);
    }

    private CompletionStage<Answer> admitted(AdminRequest request, Found found) {
        Verdict verdict = doorkeeper.judge(request, found.call().access());
        if (verdict instanceof Verdict.Refused refused) {
            return now(refused.answer());
        }
        Answer form = wrongForm(request, found.call());
        if (form != null) {
            return now(form);
        }
        var asked = new Call.Asked(request, ((Verdict.Admitted) verdict).caller(), found.variables());
        return found.call().purpose() == Call.Purpose.CHANGE
                ? keys.once(asked, () -> handled(found.call(), asked))
                : handled(found.call(), asked);
    }

    /** A form of another site can post text, but not JSON or YAML: the media type is a check on who asks, too. */
    private static @Nullable Answer wrongForm(AdminRequest request, Call call) {
        String encoding = request.fields().get(HttpHeaderNames.CONTENT_ENCODING, "identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            return ProblemKind.MEDIA_TYPE.answer(
                    "Content-Encoding: " + Json.shown(encoding), "a body that is not encoded");
        }
        String type = request.fields().get(HttpHeaderNames.CONTENT_TYPE, "");
        boolean bare = request.body().isEmpty() && type.isEmpty();
        return switch (call.purpose()) {
            case LOOK -> null;
            case CHANGE -> bare ? null : unless(type, "application/json");
            case ASK -> unless(type, "application/json");
            case CHECK_YAML -> unless(type, "application/yaml");
        };
    }

    private static @Nullable Answer unless(String type, String expected) {
        int parameters = type.indexOf(';');
        String essence = (parameters < 0 ? type : type.substring(0, parameters)).strip();
        return essence.toLowerCase(Locale.ROOT).equals(expected)
                ? null
                : ProblemKind.MEDIA_TYPE.answer(
                        type.isEmpty() ? "no Content-Type" : "Content-Type: " + Json.shown(type),
                        "Content-Type: " + expected);
    }

    private static CompletionStage<Answer> handled(Call call, Call.Asked asked) {
        try {
            return call.handler().answer(asked);
        } catch (RefusedCall refused) {
            return now(refused.answer());
        }
    }

    private static CompletionStage<Answer> now(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
