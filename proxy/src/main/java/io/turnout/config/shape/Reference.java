package io.turnout.config.shape;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Describes shapes to people: a table for each record. Stateless. */
public final class Reference {
    private Reference() {}

    /** A section for each record that is reached from the root, in the order in which they are met. */
    public static String markdown(RecordShape<?> root) {
        var text = new StringBuilder();
        records(root).forEach(record -> append(record, text));
        return text.toString();
    }

    /** All records that are reached from a shape, itself included, each once. */
    public static Set<RecordShape<?>> records(Shape<?> root) {
        Set<RecordShape<?>> records = new LinkedHashSet<>();
        collect(root, records);
        return records;
    }

    private static void collect(Shape<?> shape, Set<RecordShape<?>> records) {
        if (shape instanceof RecordShape<?> record && !records.add(record)) {
            return;
        }
        shape.parts().forEach(part -> collect(part, records));
    }

    private static void append(RecordShape<?> record, StringBuilder text) {
        text.append("### ").append(record.name()).append("\n\n");
        text.append(record.doc()).append("\n\n");
        text.append("| key | type | default | meaning |\n|---|---|---|---|\n");
        record.keys().forEach(key -> append(key, text));
        text.append('\n');
    }

    private static void append(Key<?, ?> key, StringBuilder text) {
        String secret = key.shape().isSecret() ? " Never shown." : "";
        String cells =
                String.join(" | ", "`" + key.name() + "`", key.shape().typeName(), defaultOf(key), key.doc() + secret);
        text.append("| ").append(cells).append(" |\n");
    }

    private static String defaultOf(Key<?, ?> key) {
        if (key.isRequired()) {
            return "required";
        }
        Object value = key.writtenDefault();
        if (value == null) {
            return "absent";
        }
        return value instanceof Map<?, ?> map && !map.isEmpty() ? "its own" : "`" + inline(value) + "`";
    }

    private static String inline(Object value) {
        if (value instanceof List<?> list) {
            return "[" + String.join(", ", list.stream().map(String::valueOf).toList()) + "]";
        }
        return value instanceof Map ? "{}" : value.toString();
    }
}
