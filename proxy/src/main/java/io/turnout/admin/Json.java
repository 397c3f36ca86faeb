package io.turnout.admin;

import java.util.Collection;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Reads bodies strictly and writes answers. Safe for any thread.
 *
 * <p>Strict: one value and nothing after it; no unknown, no doubled member; no number for a text, no text for a number,
 * no fraction for an integer. What an operator sends is either what we read in it or refused.
 */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private Json() {}

    /** The value as JSON in UTF-8. */
    static Body written(Object value) {
        return Body.of(MAPPER.writeValueAsBytes(value));
    }

    /** Reads one value; {@code null} as a whole is refused. */
    static <T> T read(Body body, Class<T> type) throws RefusedCall {
        T value;
        try {
            value = MAPPER.readValue(body.octets(), type);
        } catch (JacksonException e) {
            throw new RefusedCall(explained(e));
        }
        if (value == null) {
            throw new RefusedCall(ProblemKind.BAD_JSON.answer("null", "a JSON object"));
        }
        return value;
    }

    private static Answer explained(JacksonException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            return at(
                    e,
                    "the unknown member \"" + shown(unknown.getPropertyName()) + "\"",
                    oneOf(unknown.getKnownPropertyIds()));
        }
        if (e instanceof MismatchedInputException mismatched && mismatched.getTargetType() != null) {
            return at(e, "a value of another type", described(mismatched.getTargetType()));
        }
        if (e instanceof StreamReadException) {
            return at(e, "malformed JSON: " + firstLine(e.getOriginalMessage()), "one JSON object");
        }
        return at(e, firstLine(e.getOriginalMessage()), "one JSON object");
    }

    private static Answer at(JacksonException e, String found, String expected) {
        String path = path(e);
        String where = path.isEmpty() ? place(e.getLocation()) : path + " (" + place(e.getLocation()) + ")";
        return ProblemKind.BAD_JSON.answer(found + " at " + where, expected);
    }

    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(shown(step.getPropertyName()));
            }
        }
        return path.toString();
    }

    private static String place(TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1
                ? "the beginning"
                : "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static String oneOf(Collection<?> names) {
        return names == null || names.isEmpty()
                ? "no members"
                : names.stream().map(name -> "\"" + name + "\"").sorted().collect(Collectors.joining(", "));
    }

    private static String described(Class<?> type) {
        if (type == String.class) {
            return "a text";
        }
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return "an integer";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        return "a JSON object";
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return shown(end < 0 ? message : message.substring(0, end));
    }

    /** What a client sent, cut and without control characters, so that it can stand in a message. */
    static String shown(String text) {
        String cut = text.length() <= 120 ? text : text.substring(0, 120) + "...";
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
