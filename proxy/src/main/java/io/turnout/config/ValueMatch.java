package io.turnout.config;

/** Which values of a header, cookie or query parameter a match takes. */
public sealed interface ValueMatch {
    /** The whole value, letter by letter. */
    record Exact(String value) implements ValueMatch {}

    /** The whole value against an RE2 expression, which runs in linear time. */
    record Regex(String pattern) implements ValueMatch {}

    /** Any value, even an empty one. */
    record Present() implements ValueMatch {}
}
