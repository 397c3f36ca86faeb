package io.turnout.admin.live;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/** Events as octets of {@code text/event-stream} (WHATWG HTML section 9.2). Stateless. */
final class EventText {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final byte[] END = {'\n', '\n'};

    private EventText() {}

    /** A comment: says that the stream is alive, and nothing else. */
    static byte[] keepAlive() {
        return ":\n\n".getBytes(StandardCharsets.US_ASCII);
    }

    /** An event that leaves the client's place in the stream where it is. */
    static byte[] of(String event, Object data) {
        return joined("event: " + event + "\ndata: ", data);
    }

    /** An event after which a client may ask to go on. */
    static byte[] of(String event, long id, Object data) {
        return joined("event: " + event + "\nid: " + id + "\ndata: ", data);
    }

    /** JSON without line ends, so that one data line is enough. */
    private static byte[] joined(String head, Object data) {
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        byte[] json = MAPPER.writeValueAsBytes(data);
        byte[] event = new byte[start.length + json.length + END.length];
        System.arraycopy(start, 0, event, 0, start.length);
        System.arraycopy(json, 0, event, start.length, json.length);
        System.arraycopy(END, 0, event, start.length + json.length, END.length);
        return event;
    }
}
