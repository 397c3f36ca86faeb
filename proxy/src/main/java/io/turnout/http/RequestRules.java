package io.turnout.http;

import org.jspecify.annotations.Nullable;

/** What RFC 9110 and RFC 9112 demand of a request head as a whole, once its lines are known to be well formed. */
final class RequestRules {
    private RequestRules() {}

    /** RFC 9112 section 3.2: exactly one valid Host on 1.1; the authority of an absolute form takes its place. */
    static @Nullable Refusal host(RequestHead head) {
        Fields fields = head.fields();
        int index = fields.find(KnownField.HOST);
        if (index < 0) {
            return head.minorVersion == 0 ? null : Refusal.HOST_MISSING;
        }
        if (fields.findFrom(KnownField.HOST, index + 1) >= 0) {
            return Refusal.HOST_REPEATED;
        }
        if (head.absoluteForm) {
            int start = head.authorityStart;
            int end = head.authorityEnd;
            int hostStart = head.hostStart;
            int hostEnd = head.hostEnd;
            byte[] lowerHost = head.lowerHost;
            Refusal problem = authority(head, fields.valueStart(index), fields.valueEnd(index));
            head.authorityStart = start;
            head.authorityEnd = end;
            head.hostStart = hostStart;
            head.hostEnd = hostEnd;
            head.lowerHost = lowerHost;
            fields.drop(index);
            return problem;
        }
        return authority(head, fields.valueStart(index), fields.valueEnd(index));
    }

    /** Reads {@code host [":" port]} from {@code [start, end)} into the head (RFC 3986 section 3.2). */
    static @Nullable Refusal authority(RequestHead head, int start, int end) {
        byte[] bytes = head.fields().bytes;
        int hostEnd = start < end && bytes[start] == '[' ? ipv6End(bytes, start, end) : nameEnd(bytes, start, end);
        if (hostEnd <= start) {
            return Refusal.HOST;
        }
        if (hostEnd < end && !isPort(bytes, hostEnd, end)) {
            return Refusal.HOST;
        }
        head.authorityStart = start;
        head.authorityEnd = end;
        lowerHost(head, start, hostEnd);
        return null;
    }

    private static int nameEnd(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && Octets.isHost(bytes[at])) {
            at++;
        }
        return at;
    }

    private static int ipv6End(byte[] bytes, int start, int end) {
        int at = start + 1;
        while (at < end && (Octets.hex(bytes[at]) >= 0 || bytes[at] == ':' || bytes[at] == '.')) {
            at++;
        }
        return at < end && bytes[at] == ']' && at > start + 2 ? at + 1 : -1;
    }

    private static boolean isPort(byte[] bytes, int colon, int end) {
        if (bytes[colon] != ':' || end - colon > 6) {
            return false;
        }
        int port = 0;
        for (int i = colon + 1; i < end; i++) {
            if (!Octets.isDigit(bytes[i])) {
                return false;
            }
            port = port * 10 + bytes[i] - '0';
        }
        return port <= 65535;
    }

    private static void lowerHost(RequestHead head, int start, int end) {
        Fields fields = head.fields();
        head.hostStart = start;
        head.hostEnd = end;
        head.lowerHost = null;
        for (int i = start; i < end; i++) {
            byte b = fields.bytes[i];
            if (b >= 'A' && b <= 'Z') {
                lowerCopy(head, start, end);
                return;
            }
        }
    }

    /** The name is compared in lower case but sent on as written, so the lower-case form is a copy. */
    private static void lowerCopy(RequestHead head, int start, int end) {
        byte[] lower = new byte[end - start];
        for (int i = start; i < end; i++) {
            lower[i - start] = (byte) Octets.lower(head.fields().bytes[i]);
        }
        head.lowerHost = lower;
    }

    /** RFC 9112 section 6: one way, and only one, to know where the body ends. */
    static @Nullable Refusal framing(RequestHead head) {
        Fields fields = head.fields();
        int coding = fields.find(KnownField.TRANSFER_ENCODING);
        int length = fields.find(KnownField.CONTENT_LENGTH);
        if (coding >= 0) {
            if (head.minorVersion == 0) {
                return Refusal.TRANSFER_CODING_1_0;
            }
            if (length >= 0) {
                return Refusal.CONTENT_LENGTH_WITH_CODING;
            }
            head.framing = Framing.STREAM;
            return transferCoding(fields, coding);
        }
        if (length < 0) {
            return null;
        }
        if (fields.findFrom(KnownField.CONTENT_LENGTH, length + 1) >= 0) {
            return Refusal.CONTENT_LENGTH_REPEATED;
        }
        long octets = contentLength(fields, length);
        if (octets < 0) {
            return Refusal.CONTENT_LENGTH;
        }
        head.contentLength = octets;
        head.framing = octets == 0 ? Framing.NONE : Framing.LENGTH;
        return null;
    }

    /** Exactly one coding, exactly {@code chunked}; anything else is where smuggling begins. */
    static @Nullable Refusal transferCoding(Fields fields, int index) {
        if (fields.findFrom(KnownField.TRANSFER_ENCODING, index + 1) >= 0) {
            return Refusal.TRANSFER_CODING;
        }
        if (fields.valueEquals(index, "chunked")) {
            return null;
        }
        String value = fields.value(index).toLowerCase(java.util.Locale.ROOT);
        boolean endsInChunked = value.endsWith(",chunked") || value.endsWith(", chunked");
        boolean chunkedOnce = value.indexOf("chunked") == value.lastIndexOf("chunked");
        return endsInChunked && chunkedOnce ? Refusal.TRANSFER_CODING_UNKNOWN : Refusal.TRANSFER_CODING;
    }

    /** Digits only, at most 18 of them so that no sum of it can overflow; -1 for anything else (RFC 9110 section 8.6). */
    static long contentLength(Fields fields, int index) {
        int start = fields.valueStart(index);
        int end = fields.valueEnd(index);
        if (end == start || end - start > 18) {
            return -1;
        }
        long value = 0;
        for (int i = start; i < end; i++) {
            byte b = fields.bytes()[i];
            if (!Octets.isDigit(b)) {
                return -1;
            }
            value = value * 10 + b - '0';
        }
        return value;
    }

    /** Persistence, expectations and TE (RFC 9112 section 9.3, RFC 9110 sections 10.1.1 and 10.1.4). */
    static @Nullable Refusal connection(RequestHead head) {
        Fields fields = head.fields();
        boolean old = head.minorVersion == 0;
        head.keepAlive = old
                ? FieldList.contains(fields, KnownField.CONNECTION, "keep-alive")
                        && !FieldList.contains(fields, KnownField.CONNECTION, "close")
                : !FieldList.contains(fields, KnownField.CONNECTION, "close");
        head.acceptsTrailers = FieldList.contains(fields, KnownField.TE, "trailers");
        head.upgrade = UpgradeRules.offered(head);
        int expect = fields.find(KnownField.EXPECT);
        if (expect < 0) {
            return null;
        }
        if (old) {
            // RFC 9110 section 10.1.1: a 100-continue from HTTP/1.0 is ignored.
            fields.drop(KnownField.EXPECT);
            return null;
        }
        if (!fields.valueEquals(expect, "100-continue") || fields.findFrom(KnownField.EXPECT, expect + 1) >= 0) {
            return Refusal.EXPECTATION;
        }
        head.expectsContinue = true;
        return null;
    }
}
