package io.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads events off a raw connection, chunk by chunk. */
final class EventListener implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    /** An event as it was told. */
    record Event(String name, String id, JsonNode data) {}

    private final RawClient client;
    private final StringBuilder text = new StringBuilder();

    EventListener(RunningAdmin admin, String... fields) throws IOException {
        client = new RawClient(admin.address());
        client.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n");
        for (String field : fields) {
            client.send(field + "\r\n");
        }
        client.send("\r\n");
        assertThat(client.until("\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-type: text/event-stream")
                .containsIgnoringCase("cache-control: no-store");
    }

    Event next() throws IOException {
        while (true) {
            int end = text.indexOf("\n\n");
            if (end < 0) {
                int size = Integer.parseInt(client.until("\r\n").strip(), 16);
                text.append(client.octets(size));
                client.until("\r\n");
                continue;
            }
            String event = text.substring(0, end);
            text.delete(0, end + 2);
            if (!event.startsWith(":")) {
                return parsed(event);
            }
        }
    }

    private static Event parsed(String event) {
        String name = "";
        String id = "";
        String data = "";
        for (String line : event.split("\n")) {
            String value = line.substring(line.indexOf(": ") + 2);
            switch (line.substring(0, line.indexOf(':'))) {
                case "event" -> name = value;
                case "id" -> id = value;
                case "data" -> data = value;
                default -> throw new AssertionError(line);
            }
        }
        return new Event(name, id, JSON.readTree(data));
    }

    Event next(String name) throws IOException {
        for (int i = 0; i < 50; i++) {
            Event event = next();
            if (event.name().equals(name)) {
                return event;
            }
        }
        throw new AssertionError("no " + name + " among 50 events");
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
