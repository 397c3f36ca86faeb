package io.turnout.config.shape;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The named parts of a JSON Schema (draft-07) while it is being written. Confined to the thread that writes it. */
public final class Definitions {
    private static final String VARIABLE = "variable";

    private final Map<String, Object> byName = new TreeMap<>();

    /** A reference to a part, which is written when it is first referred to. */
    Map<String, Object> reference(String name, Supplier<Map<String, Object>> part) {
        if (!byName.containsKey(name)) {
            byName.put(name, Map.of());
            byName.put(name, part.get());
        }
        return Map.of("$ref", "#/definitions/" + name);
    }

    /** The value itself, or a text that has a variable of the environment in it. */
    Map<String, Object> orVariable(Map<String, Object> value) {
        Map<String, Object> variable = reference(
                VARIABLE,
                () -> described(
                        "A text with a variable of the environment: ${NAME} or ${NAME:-default}.",
                        object("type", "string", "pattern", Variables.PATTERN)));
        return Map.of("anyOf", List.of(value, variable));
    }

    /** A schema for the root, with the definitions it came to need. */
    public Map<String, Object> document(String title, Shape<?> root) {
        Map<String, Object> schema = root.schema(this);
        var document = new LinkedHashMap<String, Object>();
        document.put("$schema", "http://json-schema.org/draft-07/schema#");
        document.put("title", title);
        document.put("allOf", List.of(schema));
        document.put("definitions", byName);
        return document;
    }

    /** A JSON object of names and values in turn, in that order. */
    public static Map<String, Object> object(Object... namesAndValues) {
        var object = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    static Map<String, Object> described(String text, Map<String, Object> schema) {
        var described = new LinkedHashMap<String, Object>();
        described.put("description", text);
        described.putAll(schema);
        return described;
    }
}
