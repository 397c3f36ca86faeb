package io.turnout.admin;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schemas (2020-12, as OpenAPI 3.1 has them) of the records that are the JSON of the API, read off the records
 * themselves: what can be null says so, and nothing has to be written twice. Not thread-safe.
 */
final class RecordSchemas {
    private static final String PREFIX = "#/components/schemas/";

    /** Texts that are one of a few, by record and component. */
    private final Map<String, List<String>> choices;

    private final Map<String, Object> schemas = new TreeMap<>();

    RecordSchemas(Map<String, List<String>> choices) {
        this.choices = choices;
    }

    /** Every schema made so far, by name. */
    Map<String, Object> all() {
        return schemas;
    }

    /** A reference to the schema of an answer, whose members are all there. */
    Map<String, Object> answer(Class<?> type) {
        return reference(type, null);
    }

    /** A reference to the schema of a body, which may lack what is not required and have nothing else. */
    Map<String, Object> body(Class<?> type, List<String> required) {
        return reference(type, required);
    }

    private Map<String, Object> reference(Class<?> type, @Nullable List<String> required) {
        String name = name(type);
        if (!schemas.containsKey(name)) {
            schemas.put(name, Map.of());
            schemas.put(name, object(type, required));
        }
        return members("$ref", PREFIX + name);
    }

    /** A record within another bears its name too. */
    private static String name(Class<?> type) {
        Class<?> outer = type.getDeclaringClass();
        return outer == null ? type.getSimpleName() : name(outer) + type.getSimpleName();
    }

    private Map<String, Object> object(Class<?> type, @Nullable List<String> required) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            List<String> choice = choices.get(name(type) + "." + component.getName());
            boolean must = required != null && required.contains(component.getName());
            AnnotatedType declared = component.getAnnotatedType();
            Map<String, Object> schema = choice == null ? plain(declared) : members("type", "string", "enum", choice);
            properties.put(component.getName(), isNullable(declared) && !must ? orNull(schema) : schema);
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "object");
        object.put("properties", properties);
        object.put("required", required == null ? List.copyOf(properties.keySet()) : required);
        if (required != null) {
            object.put("additionalProperties", false);
        }
        return object;
    }

    private static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    private static Map<String, Object> orNull(Map<String, Object> schema) {
        if (!(schema.get("type") instanceof String type) || schema.containsKey("enum")) {
            return members("anyOf", List.of(schema, members("type", "null")));
        }
        Map<String, Object> either = new LinkedHashMap<>(schema);
        either.put("type", List.of(type, "null"));
        return either;
    }

    private Map<String, Object> of(AnnotatedType type) {
        Map<String, Object> schema = plain(type);
        return isNullable(type) ? orNull(schema) : schema;
    }

    private Map<String, Object> plain(AnnotatedType type) {
        if (type instanceof AnnotatedParameterizedType generic) {
            List<AnnotatedType> arguments = List.of(generic.getAnnotatedActualTypeArguments());
            Type raw = ((ParameterizedType) generic.getType()).getRawType();
            return raw == List.class
                    ? members("type", "array", "items", of(arguments.get(0)))
                    : members("type", "object", "additionalProperties", of(arguments.get(1)));
        }
        Class<?> plain = (Class<?>) type.getType();
        return plain.isRecord() ? answer(plain) : scalar(plain);
    }

    private static Map<String, Object> scalar(Class<?> type) {
        if (type == String.class) {
            return typed("string", null);
        }
        if (type == Instant.class) {
            return typed("string", "date-time");
        }
        if (type == boolean.class || type == Boolean.class) {
            return typed("boolean", null);
        }
        if (type == int.class || type == Integer.class) {
            return typed("integer", "int32");
        }
        if (type == long.class || type == Long.class) {
            return typed("integer", "int64");
        }
        if (type == double.class || type == Double.class) {
            return typed("number", "double");
        }
        throw new AssertionError("no schema for " + type);
    }

    private static Map<String, Object> typed(String type, @Nullable String format) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", type);
        if (format != null) {
            schema.put("format", format);
        }
        return schema;
    }

    /** The schema of an array of answers. */
    Map<String, Object> answers(Class<?> type) {
        return members("type", "array", "items", answer(type));
    }

    /** An object of these members, a name and a value in turns, in this order. */
    static Map<String, Object> members(Object... namesAndValues) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return members;
    }

    /** The names of path segments that vary, in their order. */
    static List<String> variables(String path) {
        List<String> names = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (segment.startsWith("{")) {
                names.add(segment.substring(1, segment.length() - 1));
            }
        }
        return names;
    }
}
