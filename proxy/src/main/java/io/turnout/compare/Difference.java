package io.turnout.compare;

/**
 * One field in which two answers differ. Immutable.
 *
 * @param primary the primary's value as text, redacted and shortened, {@link #ABSENT} when it has none
 * @param other the other answer's, likewise
 */
public record Difference(Field field, String primary, String other) {
    /** Stands for a value that is not there. */
    public static final String ABSENT = "(absent)";

    /** Stands for a value that must not be kept. */
    public static final String REDACTED = "(redacted)";
}
