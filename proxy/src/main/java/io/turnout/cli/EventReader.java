package io.turnout.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of {@code text/event-stream} (WHATWG HTML section 9.2.6) into events. Confined to one thread. */
final class EventReader {
    private final BufferedReader lines;

    EventReader(InputStream stream) {
        lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /**
     * An event.
     *
     * @param id empty if it has none
     */
    record Event(String name, String id, String data) {}

    /** The next event; null at the end. What was begun and not ended is no event. */
    @Nullable
    Event next() throws IOException {
        String name = "message";
        String id = "";
        var data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty() && !data.isEmpty()) {
                return new Event(name, id, data.substring(1));
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
            switch (field) {
                case "event" -> name = value;
                case "id" -> id = value;
                case "data" -> data.append('\n').append(value);
                default -> {} // a comment, or what a newer server says
            }
        }
        return null;
    }
}
