package io.turnout.config.shape;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Map;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of the RE2 language, which matches in linear time. Its size is bounded before it is compiled:
 * counted repetitions inside each other make a few letters into gigabytes of program.
 */
public final class RegexShape implements Shape<String> {
    private static final int LONGEST = 1_024;
    private static final long LARGEST_EXPANSION = 250_000;
    private static final java.util.regex.Pattern REPETITION =
            java.util.regex.Pattern.compile("\\{([0-9]{1,5})(,([0-9]{0,5}))?\\}");

    private static final ScalarShape<String> TEXT = Scalars.text();

    @Override
    public @Nullable String read(Located at, Reading reading) {
        String text = TEXT.read(at, reading);
        if (text == null) {
            return null;
        }
        if (text.length() > LONGEST || expansion(text) > LARGEST_EXPANSION) {
            reading.error(
                    at, at.described(), "a regular expression of at most " + LONGEST + " characters, less repeated");
            return null;
        }
        try {
            Pattern.compile(text);
            return text;
        } catch (PatternSyntaxException e) {
            reading.error(at, at.described() + " (" + e.getDescription() + ")", expected());
            return null;
        }
    }

    /** At least the length of the text with all repetitions written out, as if each were inside all others. */
    private static long expansion(String text) {
        long length = text.length();
        Matcher repetition = REPETITION.matcher(text);
        while (repetition.find() && length <= LARGEST_EXPANSION) {
            String upper = repetition.group(3);
            String count = upper == null || upper.isEmpty() ? repetition.group(1) : upper;
            length *= Math.max(1, Integer.parseInt(count));
        }
        return length;
    }

    @Override
    public Object write(String value) {
        return value;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return TEXT.schema(definitions);
    }

    @Override
    public String expected() {
        return "a regular expression of RE2";
    }

    @Override
    public String typeName() {
        return "RE2 expression";
    }
}
