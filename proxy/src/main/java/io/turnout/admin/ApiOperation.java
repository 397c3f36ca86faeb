package io.turnout.admin;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the API's description says of one call, besides what the call itself says. Immutable.
 *
 * @param method as the call's
 * @param path as the call's, with names in the braces
 * @param id names the operation in generated clients
 * @param body null for none
 * @param bodyRequired members of the body that must be there; if there are none, the body may be left out
 * @param answer what a 200 holds: a record, or null where {@code mediaType} says it all
 * @param several whether the answer is an array of it
 * @param problems what it may be refused for besides what any call of its kind may
 */
record ApiOperation(
        String method,
        String path,
        String id,
        String summary,
        @Nullable Class<?> body,
        List<String> bodyRequired,
        @Nullable Class<?> answer,
        boolean several,
        String mediaType,
        List<ProblemKind> problems) {
    ApiOperation {
        bodyRequired = List.copyOf(bodyRequired);
        problems = List.copyOf(problems);
    }

    /** A call that looks. */
    static ApiOperation look(String path, String id, String summary) {
        return of("GET", path, id, summary);
    }

    static ApiOperation of(String method, String path, String id, String summary) {
        return new ApiOperation(method, path, id, summary, null, List.of(), null, false, Answer.TEXT, List.of());
    }

    ApiOperation takes(Class<?> type, String... required) {
        return new ApiOperation(
                method, path, id, summary, type, List.of(required), answer, several, mediaType, problems);
    }

    ApiOperation answers(Class<?> type) {
        return new ApiOperation(method, path, id, summary, body, bodyRequired, type, false, Answer.JSON, problems);
    }

    ApiOperation answersMany(Class<?> type) {
        return new ApiOperation(method, path, id, summary, body, bodyRequired, type, true, Answer.JSON, problems);
    }

    ApiOperation answers(String type) {
        return new ApiOperation(method, path, id, summary, body, bodyRequired, null, false, type, problems);
    }

    ApiOperation mayFailFor(ProblemKind... kinds) {
        List<ProblemKind> all = new ArrayList<>(problems);
        all.addAll(List.of(kinds));
        return new ApiOperation(method, path, id, summary, body, bodyRequired, answer, several, mediaType, all);
    }

    /** Whether it describes this call. */
    boolean describes(Call call) {
        return method.equals(call.method())
                && Call.segments(path.replaceAll("\\{[a-z]+}", "{}")).equals(call.template());
    }
}
