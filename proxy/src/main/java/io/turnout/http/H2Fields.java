package io.turnout.http;

import io.netty.util.AsciiString;

/**
 * Moves decoded HTTP/2 field lines into {@link Fields}, holding each to RFC 9113 section 8.2.1 and to what an HTTP/1
 * head may carry: every octet may be written out as a line of text later, so every octet is looked at here. Stateless.
 *
 * <p>A field is stored as {@code name: value CRLF}, so that the HTTP/1 writer can copy it as it stands.
 */
final class H2Fields {
    private static final byte[] CRLF = {'\r', '\n'};

    private H2Fields() {}

    /** Adds a regular field; answers whether it is well formed. */
    static boolean add(Fields fields, CharSequence name, CharSequence value) {
        int nameLength = name.length();
        int valueLength = value.length();
        fields.reserve(nameLength + valueLength + 4);
        int nameStart = append(fields, name);
        int nameEnd = fields.filled;
        fields.bytes[fields.filled++] = ':';
        fields.bytes[fields.filled++] = ' ';
        int valueStart = append(fields, value);
        int valueEnd = fields.filled;
        fields.bytes[fields.filled++] = CRLF[0];
        fields.bytes[fields.filled++] = CRLF[1];
        if (!isName(fields.bytes, nameStart, nameEnd) || !isValue(fields.bytes, valueStart, valueEnd)) {
            return false;
        }
        fields.mark(nameStart, nameEnd, valueStart, valueEnd, true);
        return true;
    }

    /** Appends octets without a meaning yet and returns where they begin. */
    static int append(Fields fields, CharSequence text) {
        int length = text.length();
        fields.reserve(length);
        int start = fields.filled;
        if (text instanceof AsciiString octets) {
            System.arraycopy(octets.array(), octets.arrayOffset(), fields.bytes, start, length);
        } else {
            for (int i = 0; i < length; i++) {
                char c = text.charAt(i);
                // What is not one octet becomes one that no name, value or target may hold.
                fields.bytes[start + i] = c > 0xff ? 0 : (byte) c;
            }
        }
        fields.filled = start + length;
        return start;
    }

    /** A token without upper-case letters. */
    private static boolean isName(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            if (!Octets.isToken(b) || (b >= 'A' && b <= 'Z')) {
                return false;
            }
        }
        return end > start;
    }

    /** No control characters but the tab, no white space around it. */
    private static boolean isValue(byte[] bytes, int start, int end) {
        if (end > start && (H1HeadReader.isBlank(bytes[start]) || H1HeadReader.isBlank(bytes[end - 1]))) {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (Fields.isForbiddenInValue(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether a pseudo-header field may have this value (RFC 9113 section 8.2.1). */
    static boolean isValue(CharSequence text) {
        int length = text.length();
        if (length > 0
                && (H1HeadReader.isBlank((byte) text.charAt(0))
                        || H1HeadReader.isBlank((byte) text.charAt(length - 1)))) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (Fields.isForbiddenInValue((byte) text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the last field added speaks of the connection, which has no place in HTTP/2 (RFC 9113 section 8.2.2) but for
     * the will to take trailers.
     */
    static boolean isConnectionSpecific(Fields fields) {
        int last = fields.count() - 1;
        KnownField field = fields.known(last);
        if (field == null) {
            return false;
        }
        return switch (field) {
            case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TRANSFER_ENCODING, UPGRADE -> true;
            case TE -> !fields.valueEquals(last, "trailers");
            default -> false;
        };
    }
}
