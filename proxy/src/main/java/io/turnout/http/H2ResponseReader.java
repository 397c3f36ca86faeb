package io.turnout.http;

import java.util.Map.Entry;

/** Turns a decoded HTTP/2 field section into an answer's head; an answer is as untrusted as a request. Stateless. */
public final class H2ResponseReader {
    private H2ResponseReader() {}

    /**
     * Reads the head of an interim or final answer.
     *
     * @param section names and values in the order they came
     * @param complete whether no content follows
     * @param method of the request that is answered
     * @param head empty; the caller's whatever the answer
     * @return whether it may be passed on
     */
    public static boolean read(
            Iterable<? extends Entry<CharSequence, CharSequence>> section,
            boolean complete,
            Method method,
            ResponseHead head,
            HeadLimits limits) {
        head.overHttp2 = true;
        Fields fields = head.fields();
        for (Entry<CharSequence, CharSequence> line : section) {
            CharSequence name = line.getKey();
            if (name.length() > 0 && name.charAt(0) == ':') {
                if (fields.count() > 0 || head.status != 0 || !":status".contentEquals(name)) {
                    return false;
                }
                head.status = status(line.getValue());
                continue;
            }
            if (fields.count() == limits.fields()
                    || !H2Fields.add(fields, name, line.getValue())
                    || H2Fields.isConnectionSpecific(fields)
                    || fields.filled > limits.headBytes()) {
                return false;
            }
        }
        // RFC 9113 section 8.6: there is no 101 here; an interim answer does not end the stream (section 8.1).
        boolean interim = head.status < 200;
        if (head.status < 100 || head.status == 101 || (interim && complete)) {
            return false;
        }
        return framing(head, complete, method);
    }

    /** Three digits from 100 to 599, or -1. */
    private static int status(CharSequence text) {
        if (text.length() != 3) {
            return -1;
        }
        int status = 0;
        for (int i = 0; i < 3; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            status = status * 10 + c - '0';
        }
        return status <= 599 ? status : -1;
    }

    private static boolean framing(ResponseHead head, boolean complete, Method method) {
        Fields fields = head.fields();
        int length = fields.find(KnownField.CONTENT_LENGTH);
        if (length >= 0) {
            long octets = RequestRules.contentLength(fields, length);
            if (octets < 0 || fields.findFrom(KnownField.CONTENT_LENGTH, length + 1) >= 0) {
                return false;
            }
            head.contentLength = octets;
        }
        boolean bodyless = method == Method.HEAD || head.status < 200 || head.status == 204 || head.status == 304;
        if (complete || bodyless) {
            head.framing = Framing.NONE;
            return bodyless || head.contentLength <= 0;
        }
        head.framing = length >= 0 ? Framing.LENGTH : Framing.STREAM;
        return true;
    }
}
