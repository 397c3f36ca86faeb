package io.turnout.admin;

import io.turnout.admin.Call.Asked;
import io.turnout.admin.Call.Purpose;
import io.turnout.admin.Doorkeeper.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * A call that somebody outside of this package adds to the admin listener, as the demo does. It takes and answers JSON,
 * passes the same checks as every other call, and does its work at once: it runs on the admin thread. Immutable.
 */
public final class ExtraCall {
    private final Call call;

    private ExtraCall(Call call) {
        this.call = call;
    }

    /** A call that only looks: GET, for viewers. */
    public static ExtraCall look(String path, Supplier<Object> answer) {
        return new ExtraCall(ViewCalls.look(path, Access.VIEWER, asked -> ViewCalls.now(ViewCalls.json(answer.get()))));
    }

    /**
     * A call that changes something: PUT, for operators.
     *
     * @param path with {@code {}} in place of the one segment that varies
     * @param type what the body is read as, strictly
     * @param answer takes the segment and the body to what is answered; throws {@link Unusable} if it cannot
     */
    public static <B> ExtraCall change(String path, Class<B> type, BiFunction<String, B, Object> answer) {
        return new ExtraCall(Call.of("PUT", path, Access.OPERATOR, Purpose.CHANGE, asked -> {
            B body = Json.read(asked.request().body(), type);
            return ViewCalls.now(answered(asked, body, answer));
        }));
    }

    private static <B> Answer answered(Asked asked, B body, BiFunction<String, B, Object> answer) {
        try {
            return ViewCalls.json(answer.apply(asked.variable(0), body));
        } catch (Unusable unusable) {
            return ProblemKind.INVALID.answer(unusable.found, unusable.expected);
        }
    }

    /** The calls, and one that says which they are, so that the console need not guess. */
    static List<Call> calls(List<ExtraCall> extras) {
        List<Call> calls =
                new ArrayList<>(extras.stream().map(extra -> extra.call).toList());
        List<String> names = calls.stream()
                .map(call -> call.method() + " /" + String.join("/", call.template()))
                .toList();
        Answer list = ViewCalls.json(Map.of("calls", names));
        calls.add(ViewCalls.look("/console/extras.json", Access.PUBLIC, asked -> ViewCalls.now(list)));
        return calls;
    }

    /** What a call throws if it cannot take what it was asked. */
    public static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String found;
        private final String expected;

        /** What was found, and what would have done, in words. */
        public Unusable(String found, String expected) {
            super("found " + found + ", expected " + expected);
            this.found = found;
            this.expected = expected;
        }
    }
}
