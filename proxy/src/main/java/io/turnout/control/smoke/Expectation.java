package io.turnout.control.smoke;

import com.google.re2j.Pattern;
import io.netty.handler.codec.http.FullHttpResponse;
import io.turnout.config.SmokeTest.Expect;
import io.turnout.config.StatusRange;
import io.turnout.config.ValueMatch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether an answer is what a smoke test expects. Stateless. */
final class Expectation {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int SHOWN_CHARACTERS = 100;

    private Expectation() {}

    /**
     * What is wrong with an answer, as found and expected; null if nothing is.
     *
     * @param answer read during the call only
     * @param tookNanos from the beginning of the request to the end of the answer
     */
    static @Nullable String breach(Expect expect, FullHttpResponse answer, long tookNanos) {
        int status = answer.status().code();
        if (!StatusRange.anyContains(expect.status(), status)) {
            return "found status " + status + ", expected "
                    + String.join(
                            " or ",
                            expect.status().stream().map(StatusRange::toString).toList());
        }
        for (Map.Entry<String, ValueMatch> header : expect.headers().entrySet()) {
            List<String> values = answer.headers().getAll(header.getKey());
            if (values.stream().noneMatch(value -> holds(header.getValue(), value))) {
                String name = header.getKey();
                String found = values.isEmpty()
                        ? "no header " + name
                        : "header " + name + ": " + shown(String.join(", ", values));
                return "found " + found + ", expected " + text(header.getValue());
            }
        }
        String json = jsonBreach(expect.json(), answer);
        if (json != null) {
            return json;
        }
        Duration limit = expect.latency();
        return limit != null && tookNanos > limit.toNanos()
                ? "took " + tookNanos / 1_000_000 + " ms, expected " + limit.toMillis() + " ms at most"
                : null;
    }

    private static @Nullable String jsonBreach(Map<String, String> expected, FullHttpResponse answer) {
        if (expected.isEmpty()) {
            return null;
        }
        JsonNode root;
        try {
            root = MAPPER.readTree(answer.content().toString(StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            return "found a body that is no JSON, expected JSON";
        }
        for (Map.Entry<String, String> each : expected.entrySet()) {
            JsonNode found = root.at(each.getKey());
            if (!isSame(found, MAPPER.readTree(each.getValue()))) {
                String what = found.isMissingNode() ? "nothing" : shown(found.toString());
                return "found " + what + " at " + each.getKey() + ", expected " + each.getValue();
            }
        }
        return null;
    }

    /** 1 and 1.0 are one number. */
    private static boolean isSame(JsonNode found, JsonNode expected) {
        return (found.isNumber() && expected.isNumber())
                ? found.decimalValue().compareTo(expected.decimalValue()) == 0
                : found.equals(expected);
    }

    private static boolean holds(ValueMatch match, String value) {
        if (match instanceof ValueMatch.Exact exact) {
            return exact.value().equals(value);
        }
        if (match instanceof ValueMatch.Regex regex) {
            // Compiled here and now: a suite runs once in a while, and the expression has been checked with the file.
            return Pattern.matches(regex.pattern(), value);
        }
        return true;
    }

    private static String text(ValueMatch match) {
        if (match instanceof ValueMatch.Exact exact) {
            return exact.value();
        }
        return match instanceof ValueMatch.Regex regex ? "a match of " + regex.pattern() : "any value";
    }

    private static String shown(String text) {
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
    }
}
