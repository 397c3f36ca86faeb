package io.turnout.config.shape;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts values of the environment into scalars: {@code ${NAME}}, {@code ${NAME:-default}} for a variable that is unset or
 * empty, and {@code $$} before a brace for a literal dollar. What a variable holds is not looked at again.
 */
final class Variables {
    static final String PATTERN = "\\$\\{([A-Za-z_][A-Za-z0-9_]*)(:-[^}]*)?\\}";

    private static final Pattern ESCAPE_OR_REFERENCE = Pattern.compile("\\$\\$\\{|" + PATTERN);

    private final Function<String, @Nullable String> environment;

    Variables(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /** The same scalar when there is nothing to put in; a broken one after reporting what is wrong. */
    Located.Scalar expand(Located.Scalar scalar, Reading reading) {
        if (!scalar.text().contains("${")) {
            return scalar;
        }
        Located.Scalar expanded = expandReferences(scalar, reading);
        return expanded == null
                ? new Located.Scalar(scalar.place(), scalar.path(), "", Located.Style.BROKEN)
                : expanded;
    }

    private Located.@Nullable Scalar expandReferences(Located.Scalar scalar, Reading reading) {
        String text = scalar.text();
        var expanded = new StringBuilder();
        var style = scalar.style();
        int done = 0;
        Matcher matcher = ESCAPE_OR_REFERENCE.matcher(text);
        while (matcher.find()) {
            String name = matcher.group(1);
            String value = name == null ? "${" : valueOf(name, matcher.group(2));
            if (value == null) {
                reportMissing(scalar, name, reading);
                return null;
            }
            expanded.append(text, done, matcher.start()).append(value);
            style = name == null ? style : Located.Style.FREE;
            if (text.substring(done, matcher.start()).contains("${")) {
                break;
            }
            done = matcher.end();
        }
        if (text.indexOf("${", done) >= 0) {
            reportMalformed(scalar, reading);
            return null;
        }
        expanded.append(text, done, text.length());
        return new Located.Scalar(scalar.place(), scalar.path(), expanded.toString(), style);
    }

    private @Nullable String valueOf(String name, @Nullable String fallback) {
        String value = environment.apply(name);
        if (fallback == null || (value != null && !value.isEmpty())) {
            return value;
        }
        return fallback.substring(":-".length());
    }

    private static void reportMissing(Located.Scalar scalar, @Nullable String name, Reading reading) {
        reading.error(
                scalar,
                "the variable ${" + name + "}, which is not set",
                "a variable of the environment, or a default as in ${" + name + ":-value}");
    }

    private static void reportMalformed(Located.Scalar scalar, Reading reading) {
        reading.error(
                scalar,
                scalar.described(),
                "${NAME} or ${NAME:-default}, or $${ where the text itself has a brace after a dollar");
    }
}
