package io.turnout.admin;

import io.turnout.admin.Call.Asked;
import io.turnout.admin.Call.Purpose;
import io.turnout.admin.Doorkeeper.Access;
import io.turnout.adminapi.ConfigStatus;
import io.turnout.adminapi.Problem;
import io.turnout.control.Cause;
import io.turnout.control.Command;
import io.turnout.control.CommandResult;
import io.turnout.control.ConfigText;
import io.turnout.control.Control;
import io.turnout.control.DesiredSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * The calls about the desired state. What reads files or much text runs on a thread beside the admin loop. Safe for any
 * thread.
 */
final class ConfigCalls {
    private final Control control;
    private final DesiredSource desired;
    private final Causes causes;
    private final Executor files;

    /**
     * @param files runs what may block; refuses when it is behind
     */
    ConfigCalls(Control control, DesiredSource desired, Causes causes, Executor files) {
        this.control = control;
        this.desired = desired;
        this.causes = causes;
        this.files = files;
    }

    List<Call> calls() {
        return List.of(
                ViewCalls.look("/api/v1/config", Access.VIEWER, this::effective),
                // A posted text may name variables of the environment and files, so it takes an operator to have it
                // read.
                Call.of("POST", "/api/v1/config/check", Access.OPERATOR, Purpose.CHECK_YAML, this::check),
                Call.of("POST", "/api/v1/config/reload", Access.OPERATOR, Purpose.CHANGE, this::reload));
    }

    /** The configuration in force, after what there is to say about it as comments, so that it stays one YAML text. */
    private CompletionStage<Answer> effective(Asked asked) {
        return aside(() -> {
            long generation = control.generation();
            ConfigStatus config = control.status().config();
            var text = new StringBuilder();
            comment(text, "source: " + config.source());
            comment(text, "sha256: " + config.hash());
            if (config.commit() != null) {
                comment(text, "commit: " + config.commit());
            }
            if (!config.lastReload().ok()) {
                comment(text, "the last reload, at " + config.lastReload().time() + ", was refused:");
            }
            for (Problem problem : config.lastReload().problems()) {
                comment(text, problem.text());
            }
            Body yaml = Body.of(text.append(control.effectiveConfig()).toString());
            return ViewCalls.now(new Answer(200, Answer.YAML, yaml, Map.of()).taggedWith(generation));
        });
    }

    private static void comment(StringBuilder to, String line) {
        to.append("# ").append(line.replaceAll("\\p{Cntrl}", "?")).append('\n');
    }

    private CompletionStage<Answer> check(Asked asked) throws RefusedCall {
        String yaml = text(asked.request().body());
        return aside(() -> ViewCalls.now(ViewCalls.json(control.check(yaml))));
    }

    private static String text(Body body) throws RefusedCall {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body.octets()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RefusedCall(ProblemKind.INVALID.answer("octets that are not UTF-8", "YAML in UTF-8"));
        }
    }

    private CompletionStage<Answer> reload(Asked asked) throws RefusedCall {
        Cause cause = causes.of(asked, ChangeCalls.reason(asked));
        return aside(() -> readAgain(cause));
    }

    private CompletionStage<Answer> readAgain(Cause cause) {
        try {
            ConfigText text = desired.read();
            return control.submit(new Command.Reload(text, cause)).thenApply(ConfigCalls::reloaded);
        } catch (IOException e) {
            return CompletableFuture.completedFuture(
                    ProblemKind.UNREADABLE_CONFIG.answer(String.valueOf(e.getMessage())));
        }
    }

    /** Of a reload, whatever is invalid is the file and not the request. */
    private static Answer reloaded(CommandResult result) {
        return result instanceof CommandResult.Refused refused && refused.kind() == CommandResult.Kind.INVALID
                ? ProblemKind.INVALID_CONFIG.answer(refused.found(), refused.expected(), refused.problems())
                : CommandAnswers.of(result);
    }

    private CompletionStage<Answer> aside(Supplier<CompletionStage<Answer>> work) {
        try {
            return CompletableFuture.supplyAsync(work, files).thenCompose(answer -> answer);
        } catch (RejectedExecutionException e) {
            return ViewCalls.now(ProblemKind.BUSY
                    .answer("too many configurations that wait to be read", "a try a little later")
                    .with("Retry-After", "1"));
        }
    }
}
