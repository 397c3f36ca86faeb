package io.turnout.admin;

import io.netty.channel.Channel;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an admin call answers. Immutable.
 *
 * @param status 200 to 599
 * @param contentType value of the field, empty for an answer without a body
 * @param fields further header fields
 * @param stream writes the rest of the body for as long as it likes; null for an answer that ends with its body
 */
record Answer(
        int status,
        String contentType,
        Body body,
        Map<String, String> fields,
        @Nullable Stream stream) {
    static final String JSON = "application/json";
    static final String PROBLEM = "application/problem+json";
    static final String YAML = "application/yaml; charset=utf-8";
    static final String TEXT = "text/plain; charset=utf-8";

    /** A body without end. */
    @FunctionalInterface
    interface Stream {
        /** Begins to write {@code HttpContent}; the head is written. Stops when the channel closes. */
        void begin(Channel channel);
    }

    Answer {
        fields = Map.copyOf(fields);
    }

    Answer(int status, String contentType, Body body, Map<String, String> fields) {
        this(status, contentType, body, fields, null);
    }

    static Answer text(int status, String text) {
        return new Answer(status, TEXT, Body.of(text), Map.of());
    }

    /** The same answer with one more header field. */
    Answer with(String name, String value) {
        var more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new Answer(status, contentType, body, more, stream);
    }

    /** The same answer with the generation as its entity tag, which a change can name in {@code If-Match}. */
    Answer taggedWith(long generation) {
        return with("ETag", "\"" + generation + "\"");
    }
}
