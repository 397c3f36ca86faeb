package io.turnout.control;

import io.turnout.compare.DifferenceReport;
import java.util.Locale;

/**
 * How many answers of a shadow were compared, and in how many something differed beyond the noise. Immutable.
 *
 * @param different of the answers
 */
record Compared(long answers, long different) {
    static final Compared NONE = new Compared(0, 0);

    static Compared of(DifferenceReport report) {
        return new Compared(report.compared(), report.different());
    }

    /** Whether this can have come after that: when the rules of the comparison change, the findings begin anew. */
    boolean goesOnFrom(Compared begun) {
        return answers >= begun.answers && different >= begun.different;
    }

    /** What came on top. */
    Compared since(Compared begun) {
        return new Compared(answers - begun.answers, different - begun.different);
    }

    /** Whether more differ than this share of them, in parts per million. */
    boolean exceed(int ppm) {
        return different * 1e6 > (double) ppm * answers;
    }

    /** As in "mirror to shadow: 120 of 1000 answers compared, 3 different (2.50 %, at most 0.1 %)". */
    String inWords(String pool, int wanted, int atMostPpm) {
        return String.format(
                Locale.ROOT,
                "mirror to %s: %d of %d answers compared, %d different (%.2f %%, at most %s %%)",
                pool,
                answers,
                wanted,
                different,
                answers == 0 ? 0 : 100.0 * different / answers,
                percent(atMostPpm));
    }

    private static String percent(int ppm) {
        return String.format(Locale.ROOT, "%.4f", ppm / 1e4).replaceFirst("\\.?0+$", "");
    }
}
