package io.turnout.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One question to an idle pool, and what must come back.
 *
 * @param name distinct within the route
 */
public record SmokeTest(String name, Request request, Expect expect) {
    public SmokeTest {
        Require.text("smoke test name", name);
    }

    /**
     * What is sent.
     *
     * @param method a method that changes nothing, or one that the user answers for
     * @param path with query, beginning with a slash
     * @param headers by name as written
     */
    public record Request(String method, String path, Map<String, String> headers) {
        public Request {
            Require.text("smoke method", method);
            Require.text("smoke path", path);
            headers = Require.ordered(headers);
        }
    }

    /**
     * What must come back; all parts must hold.
     *
     * @param status one must match
     * @param headers by lower-case name; all must match
     * @param json RFC 6901 pointer to the JSON text of the scalar that must be there
     * @param latency longest time to the whole answer, or null for the pool's timeouts alone
     */
    public record Expect(
            List<StatusRange> status,
            Map<String, ValueMatch> headers,
            Map<String, String> json,
            @Nullable Duration latency) {
        public Expect {
            status = List.copyOf(status);
            headers = Require.ordered(headers);
            json = Require.ordered(json);
            if (latency != null) {
                Require.positive("smoke latency", latency);
            }
        }
    }
}
