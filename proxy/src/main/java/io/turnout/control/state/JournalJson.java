package io.turnout.control.state;

import io.turnout.control.state.JournalEntry.Start;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Journal entries as JSON. Stateless.
 *
 * <p>A change names its kind. A kind this version does not know, written by a newer one, is left out and told: after a
 * downgrade the rest of the state still counts.
 */
final class JournalJson {
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final String KIND = "kind";
    private static final Map<String, Class<? extends Change>> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("overrideLaid", Change.OverrideLaid.class);
        KINDS.put("overrideEnded", Change.OverrideEnded.class);
        KINDS.put("endpointDrained", Change.EndpointDrained.class);
        KINDS.put("endpointResumed", Change.EndpointResumed.class);
        KINDS.put("listenerDrained", Change.ListenerDrained.class);
        KINDS.put("listenerResumed", Change.ListenerResumed.class);
        KINDS.put("rolloutMoved", Change.RolloutMoved.class);
        KINDS.put("rolloutForgotten", Change.RolloutForgotten.class);
    }

    private JournalJson() {}

    static byte[] write(JournalEntry entry) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("generation", entry.generation());
        node.put("time", entry.time().toString());
        node.put("whole", entry.start() == Start.NOTHING);
        ArrayNode changes = node.putArray("changes");
        entry.changes().forEach(change -> changes.add(write(change)));
        return MAPPER.writeValueAsBytes(node);
    }

    private static ObjectNode write(Change change) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put(KIND, kindOf(change));
        ObjectNode members = MAPPER.valueToTree(change);
        node.setAll(members);
        return node;
    }

    private static String kindOf(Change change) {
        return KINDS.entrySet().stream()
                .filter(kind -> kind.getValue() == change.getClass())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no kind for " + change))
                .getKey();
    }

    /**
     * Reads an entry back.
     *
     * @param unreadable is told what was left out
     * @return null if the whole entry had to be left out
     */
    static @Nullable JournalEntry read(byte[] json, Consumer<String> unreadable) {
        try {
            JsonNode node = MAPPER.readTree(json);
            List<Change> changes = new ArrayList<>();
            for (JsonNode change : node.path("changes")) {
                Change known = readChange(change, unreadable);
                if (known != null) {
                    changes.add(known);
                }
            }
            Instant time = Instant.parse(node.path("time").asString());
            Start start = node.path("whole").asBoolean() ? Start.NOTHING : Start.BEFORE;
            return new JournalEntry(node.path("generation").asLong(), time, start, changes);
        } catch (JacksonException | java.time.DateTimeException e) {
            unreadable.accept("an entry: " + firstLine(e));
            return null;
        }
    }

    private static @Nullable Change readChange(JsonNode node, Consumer<String> unreadable) {
        String kind = node.path(KIND).asString("");
        Class<? extends Change> type = KINDS.get(kind);
        if (type == null) {
            unreadable.accept("a change of unknown kind \"" + kind + "\"");
            return null;
        }
        try {
            return MAPPER.treeToValue(node, type);
        } catch (JacksonException e) {
            unreadable.accept("a change of kind \"" + kind + "\": " + firstLine(e));
            return null;
        }
    }

    private static String firstLine(Exception e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
