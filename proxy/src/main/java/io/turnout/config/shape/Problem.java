package io.turnout.config.shape;

import org.jspecify.annotations.Nullable;

/**
 * Something wrong at a place of the text.
 *
 * @param fatal whether the text cannot be used; else it is worth a look only
 * @param path where in the structure; empty for the text as a whole
 * @param didYouMean the nearest thing that would do, or null
 */
public record Problem(
        boolean fatal,
        Place place,
        String path,
        String found,
        String expected,
        @Nullable String didYouMean) {
    public Problem {
        path = oneLine(path);
        found = oneLine(found);
        expected = oneLine(expected);
        didYouMean = didYouMean == null ? null : oneLine(didYouMean);
    }

    /** Masks what would break a line, move a cursor or turn the direction of writing in a terminal. */
    private static String oneLine(String text) {
        var shown = new StringBuilder();
        text.codePoints().map(c -> isHarmless(c) ? c : '?').forEach(shown::appendCodePoint);
        return shown.toString();
    }

    private static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
