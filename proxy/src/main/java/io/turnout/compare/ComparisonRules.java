package io.turnout.compare;

import java.util.List;

/**
 * How answers are compared and what is kept. Immutable, and equal to others that say the same: findings outlive a reload
 * that does not change their rules.
 *
 * @param headers lower-case names compared besides the status
 * @param bodyBytes larger bodies are not compared, packed or unpacked
 * @param ignore differences that do not count
 * @param redact JSON pointers, which begin with a slash, and lower-case header names whose values are not kept
 * @param noiseRelativePpm see {@link Finding}
 * @param noiseAbsolutePpm see {@link Finding}
 * @param samples kept of each field
 */
public record ComparisonRules(
        List<String> headers,
        int bodyBytes,
        List<Ignore> ignore,
        List<String> redact,
        int noiseRelativePpm,
        int noiseAbsolutePpm,
        int samples) {
    public ComparisonRules {
        headers = List.copyOf(headers);
        ignore = List.copyOf(ignore);
        redact = List.copyOf(redact);
    }

    /** A difference that does not count. */
    public sealed interface Ignore {
        /** Whatever is at or below a JSON pointer, in which {@code *} stands for every element of an array. */
        record At(String pointer) implements Ignore {}

        /** The header of this lower-case name. */
        record Header(String name) implements Ignore {}

        /** Whatever in a textual value, a header or a text body matches the RE2 expression. */
        record Matching(String pattern) implements Ignore {}

        /** Numbers at the pointer that differ by at most this share of the larger, in parts per million. */
        record Tolerance(String pointer, int ppm) implements Ignore {}

        /** The order of the array at the pointer. */
        record Unordered(String pointer) implements Ignore {}
    }
}
