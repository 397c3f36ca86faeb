package io.turnout.http;

/** What becomes of {@code %2F} and {@code %5C} in a path: origins differ in what they take them for. */
public enum EncodedSlashes {
    /** They stay encoded, data of one segment; routing never looks behind the encoding. */
    KEEP,
    /** The request is refused with 400. */
    REJECT,
    /** They become slashes before dot segments are resolved and routes are matched. */
    DECODE
}
