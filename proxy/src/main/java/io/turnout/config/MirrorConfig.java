package io.turnout.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A copy of live requests that goes to a pool of its own, and whose answers no client sees.
 *
 * @param pool not one of the route's split
 * @param percentPpm share of matching requests that is copied, in parts per million
 * @param key null when each request is drawn by itself
 * @param when which requests may be copied
 * @param unsafeMethods whether requests that may change something are copied too
 * @param body whether bodies are copied
 * @param dropCredentials whether Authorization and Cookie are left out of the copy
 * @param timeout for a whole copy
 * @param headers changes of the copy's head
 * @param compare null when answers are thrown away unread
 */
public record MirrorConfig(
        String pool,
        int percentPpm,
        @Nullable KeyConfig key,
        RequestMatch when,
        boolean unsafeMethods,
        boolean body,
        boolean dropCredentials,
        Limits limits,
        Duration timeout,
        HeadersConfig.Edits headers,
        RewriteConfig rewrite,
        @Nullable Compare compare) {
    public MirrorConfig {
        Require.text("mirror.pool", pool);
        Require.ppm("mirror.percent", percentPpm);
        Require.positive("mirror.timeout", timeout);
    }

    MirrorConfig orSalt(String byDefault) {
        return key == null
                ? this
                : new MirrorConfig(
                        pool,
                        percentPpm,
                        key.orSalt(byDefault),
                        when,
                        unsafeMethods,
                        body,
                        dropCredentials,
                        limits,
                        timeout,
                        headers,
                        rewrite,
                        compare);
    }

    /**
     * What copies may hold; at a cap the copy is cut.
     *
     * @param requestBytes of one body
     * @param answerBytes of one answer's body
     * @param inFlight copies at a time
     * @param totalBytes of all bodies of this mirror at a time
     */
    public record Limits(long requestBytes, long answerBytes, int inFlight, long totalBytes) {
        public Limits {
            Require.atLeast("mirror.limits.request", requestBytes, 0);
            Require.atLeast("mirror.limits.answer", answerBytes, 0);
            Require.atLeast("mirror.limits.inFlight", inFlight, 1);
            Require.atLeast("mirror.limits.total", totalBytes, 0);
        }
    }

    /**
     * How the copy's answer is held against the primary's.
     *
     * @param control a pool with the primary's version, whose differences are noise, or null for none
     * @param headers lower-case names compared besides the status
     * @param bodyBytes larger bodies are not compared
     * @param ignore differences that do not count
     * @param redact JSON pointers and lower-case header names whose values are not kept
     * @param noiseRelativePpm difference beyond the noise, relative to it, from which a field is reported
     * @param noiseAbsolutePpm the same as a share of compared answers
     * @param samples kept of each field
     */
    public record Compare(
            @Nullable String control,
            List<String> headers,
            long bodyBytes,
            List<Ignore> ignore,
            List<String> redact,
            int noiseRelativePpm,
            int noiseAbsolutePpm,
            int samples) {
        public Compare {
            headers = List.copyOf(headers);
            ignore = List.copyOf(ignore);
            redact = List.copyOf(redact);
            Require.atLeast("mirror.compare.body", bodyBytes, 0);
            Require.ppm("mirror.compare.noiseRelative", noiseRelativePpm);
            Require.ppm("mirror.compare.noiseAbsolute", noiseAbsolutePpm);
            Require.within("mirror.compare.samples", samples, 0, 1_000);
        }
    }

    /** A difference that does not count. */
    public sealed interface Ignore {
        /** Whatever is at or below the RFC 6901 pointer. */
        record Pointer(String pointer) implements Ignore {}

        /** The header of this lower-case name. */
        record Header(String name) implements Ignore {}

        /** Whatever in a textual value matches the RE2 expression. */
        record Regex(String pattern) implements Ignore {}

        /** Numbers at the pointer that differ by at most this share of the larger, in parts per million. */
        record Tolerance(String pointer, int tolerancePpm) implements Ignore {}

        /** The order of the array at the pointer. */
        record Unordered(String pointer) implements Ignore {}
    }
}
