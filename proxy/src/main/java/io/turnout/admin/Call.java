package io.turnout.admin;

import io.turnout.admin.Doorkeeper.Access;
import io.turnout.admin.Doorkeeper.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One call of the API: its method, its path with {@code {}} for what varies, who may make it, and what it does.
 *
 * @param template segments; an empty list is the root
 * @param purpose whether it only looks, asks about something it is given, or changes something
 */
record Call(String method, List<String> template, Access access, Purpose purpose, Handler handler) {
    private static final String ANY = "{}";

    /** What the body is for. */
    enum Purpose {
        /** No body. */
        LOOK,
        /** A JSON body describes what is asked; nothing changes. */
        ASK,
        /** A JSON body, if any, describes the change; repeating it with the same idempotency key does it once. */
        CHANGE,
        /** A YAML body is looked at; nothing changes. */
        CHECK_YAML
    }

    /** Does the call. */
    @FunctionalInterface
    interface Handler {
        /**
         * Answers at once or later, and never blocks.
         *
         * @throws RefusedCall if the body is not what the call takes
         */
        CompletionStage<Answer> answer(Asked asked) throws RefusedCall;
    }

    /**
     * A request that has been let in.
     *
     * @param variables what stood in place of the template's braces, decoded, in their order
     */
    record Asked(AdminRequest request, Caller caller, List<String> variables) {
        String variable(int index) {
            return variables.get(index);
        }
    }

    Call {
        template = List.copyOf(template);
    }

    static Call of(String method, String path, Access access, Purpose purpose, Handler handler) {
        return new Call(method, segments(path), access, purpose, handler);
    }

    /** The path cut at its slashes, without the first. */
    static List<String> segments(String path) {
        return path.equals("/") ? List.of() : List.of(path.substring(1).split("/", -1));
    }

    /** The variable segments if the path is of this call, else null. */
    @Nullable
    List<String> match(List<String> segments) {
        if (segments.size() != template.size()) {
            return null;
        }
        List<String> variables = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            if (template.get(i).equals(ANY)) {
                variables.add(segments.get(i));
            } else if (!template.get(i).equals(segments.get(i))) {
                return null;
            }
        }
        return variables;
    }

    /** Whether a request of this method makes the call; HEAD is GET without the body. */
    boolean takes(String asked) {
        return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }
}
