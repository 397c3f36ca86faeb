package io.turnout.config;

/** Which paths a match takes. The path is compared after normalisation, without the query. */
public sealed interface PathMatch {
    /** The whole path, letter by letter. */
    record Exact(String path) implements PathMatch {}

    /** The path itself or whatever lies below it: {@code /shop} takes {@code /shop} and {@code /shop/x}, not {@code /shopping}. */
    record Prefix(String path) implements PathMatch {}

    /** The whole path against an RE2 expression, which runs in linear time. */
    record Regex(String pattern) implements PathMatch {}
}
