package io.turnout.config;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Something wrong, or worth a look, at one place of the file. Never holds a secret.
 *
 * @param file name of the source as given to the reader
 * @param line counted from 1
 * @param column counted from 1, in code points
 * @param path where in the structure, as in {@code routes[0].split.weights}; empty for the text as a whole
 * @param found what is there
 * @param expected what should be there
 * @param didYouMean the nearest thing that would do, or null when nothing is near
 */
public record ConfigProblem(
        Severity severity,
        String file,
        int line,
        int column,
        String path,
        String found,
        String expected,
        @Nullable String didYouMean) {

    /** By place, then by content, so that equal text always gives an equal list. */
    static final Comparator<ConfigProblem> BY_PLACE = Comparator.comparingInt(ConfigProblem::line)
            .thenComparingInt(ConfigProblem::column)
            .thenComparing(ConfigProblem::severity)
            .thenComparing(ConfigProblem::path)
            .thenComparing(ConfigProblem::found)
            .thenComparing(ConfigProblem::expected);

    /** How bad it is. */
    public enum Severity {
        /** The configuration cannot be used. */
        ERROR,
        /** It can, but is perhaps not what was meant. */
        WARNING
    }

    /** One line in the form that editors and pipelines know: {@code file:line:column: error: path: found ..., expected ...}. */
    @Override
    public String toString() {
        var line = new StringBuilder(file)
                .append(':')
                .append(this.line)
                .append(':')
                .append(column)
                .append(severity == Severity.ERROR ? ": error: " : ": warning: ");
        if (!path.isEmpty()) {
            line.append(path).append(": ");
        }
        line.append("found ").append(found).append(", expected ").append(expected);
        if (didYouMean != null) {
            line.append("; did you mean \"").append(didYouMean).append("\"?");
        }
        return line.toString();
    }
}
