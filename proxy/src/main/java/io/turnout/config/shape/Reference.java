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
        sections(root).forEach(section -> append(section, text));
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

    /**
     * What is said of one kind of mapping.
     *
     * @param name as the reference calls it
     */
    public record Section(String name, String doc, List<Row> rows) {
        public Section {
            rows = List.copyOf(rows);
        }
    }

    /**
     * What is said of one key; Markdown, but for the key.
     *
     * @param preset the default, or {@code required} or {@code absent}
     */
    public record Row(String key, String type, String preset, String meaning) {}

    /** What there is to say of each record that is reached from the root, in the order in which they are met. */
    public static List<Section> sections(RecordShape<?> root) {
        return records(root).stream()
                .map(record -> new Section(
                        record.name(),
                        record.doc(),
                        record.keys().stream().map(Reference::row).toList()))
                .toList();
    }

    private static Row row(Key<?, ?> key) {
        String secret = key.shape().isSecret() ? " Never shown." : "";
        return new Row(key.name(), key.shape().typeName(), defaultOf(key), key.doc() + secret);
    }

    private static void append(Section section, StringBuilder text) {
        text.append("### ").append(section.name()).append("\n\n");
        text.append(section.doc()).append("\n\n");
        text.append("| key | type | default | meaning |\n|---|---|---|---|\n");
        for (Row row : section.rows()) {
            String cells = String.join(" | ", "`" + row.key() + "`", row.type(), row.preset(), row.meaning());
            text.append("| ").append(cells).append(" |\n");
        }
        text.append('\n');
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
