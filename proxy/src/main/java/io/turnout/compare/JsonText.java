package io.turnout.compare;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Writes a JSON value as text that may be kept: short, and without what is secret. Confined to one comparison. */
final class JsonText {
    /** Longer values are cut: samples are to show a difference, not to store answers. */
    static final int MAX_CHARS = 200;

    private final CompiledRules rules;
    private final JsonPath path;
    private final StringBuilder text = new StringBuilder();

    private JsonText(CompiledRules rules, JsonPath path) {
        this.rules = rules;
        this.path = path;
    }

    /** @param path where the value stands; the same again when this returns */
    static String of(@Nullable JsonNode value, CompiledRules rules, JsonPath path) {
        if (value == null) {
            return rules.isRedacted(path) ? Difference.REDACTED : Difference.ABSENT;
        }
        JsonText writer = new JsonText(rules, path);
        writer.write(value);
        return shortened(writer.text.toString());
    }

    static String shortened(String text) {
        if (text.length() <= MAX_CHARS) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_CHARS - 1)) ? MAX_CHARS - 1 : MAX_CHARS;
        return text.substring(0, end) + "...";
    }

    private void write(JsonNode value) {
        if (text.length() > MAX_CHARS) {
            return;
        }
        if (rules.isRedacted(path)) {
            text.append(Difference.REDACTED);
        } else if (value.isObject()) {
            writeObject(value);
        } else if (value.isArray()) {
            writeArray(value);
        } else {
            text.append(value);
        }
    }

    private void writeObject(JsonNode object) {
        text.append('{');
        String separator = "";
        for (String name : object.propertyNames()) {
            text.append(separator).append('"').append(name).append("\":");
            path.enterMember(name);
            write(object.get(name));
            path.leave();
            separator = ",";
        }
        text.append('}');
    }

    private void writeArray(JsonNode array) {
        text.append('[');
        for (int i = 0; i < array.size(); i++) {
            if (i > 0) {
                text.append(',');
            }
            path.enterElement(i);
            write(array.get(i));
            path.leave();
        }
        text.append(']');
    }
}
