package io.turnout.admin;

import io.turnout.adminapi.ChangeAnswer;
import io.turnout.control.CommandResult;
import java.util.Map;

/** The HTTP answer to what became of a command. Stateless. */
final class CommandAnswers {
    private CommandAnswers() {}

    static Answer of(CommandResult result) {
        if (result instanceof CommandResult.Applied applied) {
            var done = new ChangeAnswer(applied.generation(), applied.changed(), applied.summary(), applied.notes());
            return new Answer(200, Answer.JSON, Json.written(done), Map.of()).taggedWith(applied.generation());
        }
        return refusal((CommandResult.Refused) result);
    }

    private static Answer refusal(CommandResult.Refused refused) {
        ProblemKind kind = kind(refused);
        Answer answer = kind.answer(refused.found(), refused.expected(), refused.problems());
        return kind == ProblemKind.BUSY ? answer.with("Retry-After", "1") : answer;
    }

    private static ProblemKind kind(CommandResult.Refused refused) {
        return switch (refused.kind()) {
            case UNKNOWN_ROUTE -> ProblemKind.UNKNOWN_ROUTE;
            case UNKNOWN_POOL -> ProblemKind.UNKNOWN_POOL;
            case UNKNOWN_ENDPOINT -> ProblemKind.UNKNOWN_ENDPOINT;
            case UNKNOWN_LISTENER -> ProblemKind.UNKNOWN_LISTENER;
            case INVALID -> refused.problems().isEmpty() ? ProblemKind.INVALID : ProblemKind.INVALID_CONFIG;
            case CONFLICT_GENERATION -> ProblemKind.STALE;
            case NOT_ALLOWED -> ProblemKind.NOT_ALLOWED;
            case WRONG_PHASE -> ProblemKind.WRONG_PHASE;
            case SUPERSEDED -> ProblemKind.SUPERSEDED;
            case LISTENER_FAILED -> ProblemKind.LISTENER_FAILED;
            case STORAGE_FAILED -> ProblemKind.NOT_SAVED;
            case BUSY, CLOSED -> ProblemKind.BUSY;
            case INTERNAL -> ProblemKind.INTERNAL;
        };
    }
}
