package io.turnout.adminapi;

import org.jspecify.annotations.Nullable;

/**
 * Something wrong, or worth a look, at one place of the configuration.
 *
 * @param severity {@code error} or {@code warning}
 * @param file name of the source
 * @param line from 1; 0 when the problem has no place in the text
 * @param column from 1, in code points; 0 when the problem has no place in the text
 * @param path where in the structure, as in {@code routes[0].split.weights}; may be empty
 * @param didYouMean the nearest thing that would do, or null
 */
public record Problem(
        String severity,
        String file,
        int line,
        int column,
        String path,
        String found,
        String expected,
        @Nullable String didYouMean) {
    /** A severity that refuses the configuration. */
    public static final String ERROR = "error";

    /** A severity that does not. */
    public static final String WARNING = "warning";

    /** One line, as compilers write them: {@code file:line:column: error: path: found ..., expected ...}. */
    public String text() {
        var text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line).append(':').append(column);
        }
        text.append(": ").append(severity).append(": ");
        if (!path.isEmpty()) {
            text.append(path).append(": ");
        }
        text.append("found ").append(found).append(", expected ").append(expected);
        if (didYouMean != null) {
            text.append("; did you mean \"").append(didYouMean).append("\"?");
        }
        return text.toString();
    }
}
