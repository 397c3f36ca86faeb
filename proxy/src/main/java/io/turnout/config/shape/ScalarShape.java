package io.turnout.config.shape;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A single value: a text, a number, or a number with its unit. Immutable.
 *
 * @param <T> what is made of it
 */
public final class ScalarShape<T> implements Shape<T> {
    /** What the core schema must say of the scalar. */
    public enum Family {
        /** A text: {@code 5} and {@code true} are none unless quoted. */
        TEXT,
        /** A number or boolean: {@code "5"} is none. */
        NUMBER,
        /** A form of its own that may look like a text or a number. */
        FORM
    }

    /**
     * How a shape is spoken of.
     *
     * @param expected see {@link Shape#expected()}
     * @param typeName see {@link Shape#typeName()}
     */
    public record Words(String expected, String typeName) {}

    private final Family family;
    private final Words words;
    private final Map<String, Object> schema;
    private final Function<String, @Nullable T> parser;
    private final Function<T, Object> writer;
    private final Map<String, T> literals;

    private ScalarShape(
            Family family,
            Words words,
            Map<String, Object> schema,
            Function<String, @Nullable T> parser,
            Function<T, Object> writer,
            Map<String, T> literals) {
        this.family = family;
        this.words = words;
        this.schema = schema;
        this.parser = parser;
        this.writer = writer;
        this.literals = literals;
    }

    /**
     * A shape of its own.
     *
     * @param parser null for a text that is none of these
     * @param writer the inverse of {@code parser}, to a string or JSON scalar
     */
    public static <T> ScalarShape<T> of(
            Family family,
            Words words,
            Map<String, Object> schema,
            Function<String, @Nullable T> parser,
            Function<T, Object> writer) {
        return new ScalarShape<>(family, words, schema, parser, writer, Map.of());
    }

    /** One of some words, each for a value. */
    public static <T> ScalarShape<T> choice(Map<String, T> values) {
        String oneOf = "one of " + String.join(", ", values.keySet());
        String typeName = "`" + String.join("` \\| `", values.keySet()) + "`";
        return new ScalarShape<>(
                Family.FORM,
                new Words(oneOf, typeName),
                Map.of(),
                text -> null,
                values::get,
                new LinkedHashMap<>(values));
    }

    /** The same, with a word that stands for a value which has no other way to be written. */
    public ScalarShape<T> or(String word, T value) {
        var more = new LinkedHashMap<>(literals);
        more.put(word, value);
        var words = new Words(this.words.expected + ", or " + word, this.words.typeName + " or `" + word + "`");
        return new ScalarShape<>(family, words, schema, parser, writer, more);
    }

    /** What the text stands for, whatever its style; null when it stands for nothing here. */
    public @Nullable T parse(String text) {
        T literal = literals.get(text);
        return literal == null ? parser.apply(text) : literal;
    }

    @Override
    public @Nullable T read(Located at, Reading reading) {
        if (!(at instanceof Located.Scalar scalar)) {
            reading.mismatch(at, expected());
            return null;
        }
        T literal = literals.get(scalar.text());
        if (literal != null) {
            return literal;
        }
        T value = mayBeRead(scalar) ? parser.apply(scalar.text()) : null;
        if (value == null) {
            reading.error(scalar, scalar.described(), expected() + hint(scalar), nearest(scalar, reading));
        }
        return value;
    }

    private boolean mayBeRead(Located.Scalar scalar) {
        if (scalar.style() == Located.Style.BROKEN || scalar.isNull()) {
            return false;
        }
        return switch (family) {
            case FORM -> true;
            case NUMBER -> scalar.style() != Located.Style.QUOTED;
            case TEXT -> scalar.style() != Located.Style.PLAIN || CoreType.of(scalar.text()) == CoreType.TEXT;
        };
    }

    /** Where only quotes are wrong, the message says so. */
    private String hint(Located.Scalar scalar) {
        boolean suits =
                !scalar.isNull() && scalar.style() != Located.Style.BROKEN && parser.apply(scalar.text()) != null;
        if (suits && family == Family.TEXT) {
            return ", which this is only in quotes: \"" + Located.Scalar.shown(scalar.text()) + "\"";
        }
        return suits && family == Family.NUMBER ? ", which this is only without quotes" : "";
    }

    private @Nullable String nearest(Located.Scalar scalar, Reading reading) {
        String repaired = family == Family.FORM ? repaired(scalar.text()) : null;
        return repaired == null && !literals.isEmpty() ? reading.nearest(scalar.text(), literals.keySet()) : repaired;
    }

    /** The text with the slip undone that people make with units; never with a unit that could be another. */
    private @Nullable String repaired(String text) {
        String together = text.replace(" ", "");
        return Stream.of(together, together + "%", together.toLowerCase(Locale.ROOT))
                .filter(candidate -> !candidate.equals(text) && parser.apply(candidate) != null)
                .findFirst()
                .orElse(null);
    }

    @Override
    public Object write(T value) {
        for (Map.Entry<String, T> literal : literals.entrySet()) {
            if (literal.getValue().equals(value)) {
                return literal.getKey();
            }
        }
        return writer.apply(value);
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        var forms = new ArrayList<Map<String, Object>>();
        if (!schema.isEmpty()) {
            forms.add(schema);
        }
        if (!literals.isEmpty()) {
            forms.add(Map.of("enum", List.copyOf(literals.keySet())));
        }
        return definitions.orVariable(forms.size() == 1 ? forms.get(0) : Map.of("anyOf", forms));
    }

    @Override
    public String expected() {
        return words.expected;
    }

    @Override
    public String typeName() {
        return words.typeName;
    }
}
