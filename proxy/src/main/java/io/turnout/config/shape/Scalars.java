package io.turnout.config.shape;

import io.turnout.config.shape.ScalarShape.Family;
import io.turnout.config.shape.ScalarShape.Words;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The single values that every file is made of. */
public final class Scalars {
    private static final int LONGEST_TEXT = 4_096;

    private Scalars() {}

    /** Any text of one line, not empty. */
    public static ScalarShape<String> text() {
        return textOf(
                new Words("a text of one line", "text"),
                "[^\\x00-\\x1f\\x7f]{1," + LONGEST_TEXT + "}",
                Function.identity());
    }

    /**
     * A text of a certain form.
     *
     * @param pattern the whole text, in the syntax that Java and ECMAScript share, linear on any input
     */
    public static ScalarShape<String> text(String expected, String typeName, String pattern) {
        return textOf(new Words(expected, typeName), pattern, Function.identity());
    }

    private static ScalarShape<String> textOf(Words words, String pattern, Function<String, String> normal) {
        Pattern whole = Pattern.compile(pattern);
        return ScalarShape.of(
                Family.TEXT,
                words,
                Definitions.object("type", "string", "pattern", "^(" + pattern + ")$"),
                text -> text.length() <= LONGEST_TEXT && whole.matcher(text).matches() ? normal.apply(text) : null,
                value -> value);
    }

    /** A text of a certain form in which upper case means the same and becomes lower. */
    public static ScalarShape<String> lowerCase(String expected, String typeName, String pattern) {
        return textOf(new Words(expected, typeName), pattern, text -> text.toLowerCase(Locale.ROOT));
    }

    /** {@code true} or {@code false}. */
    public static ScalarShape<Boolean> bool() {
        return ScalarShape.of(
                Family.NUMBER,
                new Words("true or false", "boolean"),
                Map.of("type", "boolean"),
                Scalars::parseBoolean,
                value -> value);
    }

    /** {@code true} and nothing else: a mark that something is chosen. */
    public static ScalarShape<Boolean> mark() {
        return ScalarShape.of(
                Family.NUMBER,
                new Words("true", "`true`"),
                Map.of("const", true),
                text -> Boolean.TRUE.equals(parseBoolean(text)) ? true : null,
                value -> value);
    }

    private static @Nullable Boolean parseBoolean(String text) {
        return CoreType.of(text) == CoreType.BOOLEAN ? Boolean.valueOf(text) : null;
    }

    /** A whole number within bounds, both included. */
    public static ScalarShape<Integer> integer(int min, int max) {
        return ScalarShape.of(
                Family.NUMBER,
                new Words("a whole number from " + min + " to " + max, "integer, " + min + " to " + max),
                Definitions.object("type", "integer", "minimum", min, "maximum", max),
                text -> {
                    Long value = parseInteger(text);
                    return value != null && value >= min && value <= max ? (Integer) value.intValue() : null;
                },
                value -> value);
    }

    static @Nullable Long parseInteger(String text) {
        if (CoreType.of(text) != CoreType.INTEGER) {
            return null;
        }
        int radix = text.startsWith("0x") ? 16 : text.startsWith("0o") ? 8 : 10;
        try {
            return Long.parseLong(radix == 10 ? text : text.substring(2), radix);
        } catch (NumberFormatException beyondLong) {
            return null;
        }
    }

    /** A number within bounds, both included. */
    public static ScalarShape<Double> decimal(double min, double max) {
        return ScalarShape.of(
                Family.NUMBER,
                new Words("a number from " + min + " to " + max, "number, " + min + " to " + max),
                Definitions.object("type", "number", "minimum", min, "maximum", max),
                text -> {
                    Double value = parseDecimal(text);
                    return value != null && value >= min && value <= max ? value : null;
                },
                value -> value);
    }

    static @Nullable Double parseDecimal(String text) {
        CoreType type = CoreType.of(text);
        boolean decimal = type == CoreType.INTEGER || type == CoreType.FLOAT;
        boolean digits = decimal && text.chars().noneMatch(c -> c == 'x' || c == 'o' || c == 'n' || c == 'N');
        return digits ? Double.valueOf(text) : null;
    }

    /** A duration with its unit within bounds, both included and written like the values. */
    public static ScalarShape<Duration> duration(String min, String max) {
        Duration least = bound(Units.duration(min));
        Duration most = bound(Units.duration(max));
        return ScalarShape.of(
                Family.FORM,
                new Words(
                        "a duration with its unit from " + min + " to " + max + ", such as " + example(least, most),
                        "duration, " + min + " to " + max),
                Definitions.object("type", "string", "pattern", "^" + Units.DURATION + "$"),
                text -> {
                    Duration value = Units.duration(text);
                    return value != null && value.compareTo(least) >= 0 && value.compareTo(most) <= 0 ? value : null;
                },
                Units::text);
    }

    private static String example(Duration least, Duration most) {
        return Duration.ofMillis(250).compareTo(least) >= 0
                        && Duration.ofSeconds(30).compareTo(most) <= 0
                ? "250ms or 30s"
                : Units.text(most);
    }

    /** A size with its unit within bounds, both included and written like the values; read as bytes. */
    public static ScalarShape<Long> bytes(String min, String max) {
        long least = bound(Units.bytes(min));
        long most = bound(Units.bytes(max));
        return ScalarShape.of(
                Family.FORM,
                new Words(
                        "a size with its unit from " + min + " to " + max + ", such as 64KiB or 1MiB",
                        "size, " + min + " to " + max),
                Definitions.object("type", "string", "pattern", "^" + Units.SIZE + "$"),
                text -> {
                    Long value = Units.bytes(text);
                    return value != null && value >= least && value <= most ? value : null;
                },
                Units::text);
    }

    /** A percentage with its sign within bounds, both included and written like the values; read as parts per million. */
    public static ScalarShape<Integer> percent(String min, String max) {
        int least = bound(Units.ppm(min));
        int most = bound(Units.ppm(max));
        return ScalarShape.of(
                Family.FORM,
                new Words(
                        "a percentage with its sign from " + min + " to " + max + ", such as 5% or 0.25%",
                        "percentage, " + min + " to " + max),
                Definitions.object("type", "string", "pattern", "^" + Units.PERCENT + "$"),
                text -> {
                    Integer value = Units.ppm(text);
                    return value != null && value >= least && value <= most ? value : null;
                },
                Units::percent);
    }

    private static <T> T bound(@Nullable T value) {
        if (value == null) {
            throw new AssertionError("a bound of a shape does not parse");
        }
        return value;
    }

    /** One of an enum's constants, in camel case: {@code LEAST_REQUEST} is {@code leastRequest}. */
    public static <E extends Enum<E>> ScalarShape<E> choice(Class<E> type) {
        return choice(type, constant -> camelCase(constant.name()));
    }

    /** One of an enum's constants, each called by its word. */
    public static <E extends Enum<E>> ScalarShape<E> choice(Class<E> type, Function<E, String> word) {
        var values = new LinkedHashMap<String, E>();
        EnumSet.allOf(type).forEach(constant -> values.put(word.apply(constant), constant));
        return ScalarShape.choice(values);
    }

    private static String camelCase(String name) {
        var camel = new StringBuilder();
        for (String part : name.toLowerCase(Locale.ROOT).split("_")) {
            camel.append(
                    camel.length() == 0
                            ? part.substring(0, 1)
                            : part.substring(0, 1).toUpperCase(Locale.ROOT));
            camel.append(part, 1, part.length());
        }
        return camel.toString();
    }
}
