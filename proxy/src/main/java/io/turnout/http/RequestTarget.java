package io.turnout.http;

import org.jspecify.annotations.Nullable;

/**
 * Takes a request target apart and brings its path into the one form that is both matched and sent upstream.
 *
 * <p>Normal form: no dot segments (RFC 3986 section 5.2.4), no doubled slashes, percent-encoded unreserved characters
 * decoded, remaining encodings in upper case (section 6.2.2). An encoded slash or backslash is data of one segment, for
 * the origin to understand, unless {@link EncodedSlashes} says otherwise. Confined to one event loop.
 */
final class RequestTarget {
    private int cursor;

    /** Reads the target in {@code [start, end)} into the head; the answer is null or why it is refused. */
    @Nullable
    Refusal parse(RequestHead head, int start, int end) {
        if (head.method == Method.CONNECT) {
            return Refusal.CONNECT_UNSUPPORTED;
        }
        byte[] bytes = head.fields().bytes;
        byte first = bytes[start];
        if (first == '/') {
            return pathAndQuery(head, start, end);
        }
        if (first == '*' && end == start + 1) {
            head.pathStart = start;
            head.pathEnd = end;
            return head.method == Method.OPTIONS ? null : Refusal.TARGET_FORM;
        }
        return absolute(head, start, end);
    }

    /** RFC 9112 section 3.2.2; a proxy takes it, and its authority replaces Host. */
    private @Nullable Refusal absolute(RequestHead head, int start, int end) {
        byte[] bytes = head.fields().bytes;
        int authority;
        if (startsWith(bytes, start, end, "http://")) {
            authority = start + 7;
        } else if (startsWith(bytes, start, end, "https://")) {
            authority = start + 8;
        } else {
            return Refusal.TARGET;
        }
        int at = authority;
        while (at < end && bytes[at] != '/' && bytes[at] != '?') {
            if (bytes[at] == '@') {
                return Refusal.TARGET_USERINFO;
            }
            if (bytes[at] == '#') {
                return Refusal.TARGET_FRAGMENT;
            }
            at++;
        }
        Refusal problem = RequestRules.authority(head, authority, at);
        if (problem != null) {
            return Refusal.TARGET;
        }
        head.absoluteForm = true;
        if (at == end || bytes[at] == '?') {
            return rootAndQuery(head, at, end);
        }
        return pathAndQuery(head, at, end);
    }

    /** An absolute form without a path means the root, or {@code *} when asked with OPTIONS (section 3.2.4). */
    private @Nullable Refusal rootAndQuery(RequestHead head, int at, int end) {
        if (at < end) {
            Refusal problem = query(head, at, end);
            if (problem != null) {
                return problem;
            }
        }
        boolean asterisk = at == end && head.method == Method.OPTIONS;
        // The line is complete and may be overwritten: the authority has been copied out by then.
        head.fields().bytes[head.methodEnd + 1] = (byte) (asterisk ? '*' : '/');
        head.pathStart = head.methodEnd + 1;
        head.pathEnd = head.pathStart + 1;
        return null;
    }

    private static boolean startsWith(byte[] bytes, int start, int end, String lowerCase) {
        int length = lowerCase.length();
        return end - start > length && Octets.equalsIgnoreCase(bytes, start, start + length, lowerCase);
    }

    private @Nullable Refusal pathAndQuery(RequestHead head, int start, int end) {
        byte[] bytes = head.fields().bytes;
        boolean plain = true;
        int at = start;
        while (at < end && bytes[at] != '?') {
            byte b = bytes[at];
            if (!Octets.isPath(b)) {
                return b == '#' ? Refusal.TARGET_FRAGMENT : Refusal.TARGET;
            }
            // Two slashes, a dot at the start of a segment, or an encoding: the slow way has to look closer.
            plain &= b != '%' && !(bytes[at] == '/' && at + 1 < end && (bytes[at + 1] == '/' || bytes[at + 1] == '.'));
            at++;
        }
        head.pathStart = start;
        head.pathEnd = at;
        if (!plain) {
            Refusal problem = normalise(head, start, at);
            if (problem != null) {
                return problem;
            }
        }
        return at < end ? query(head, at, end) : null;
    }

    private static @Nullable Refusal query(RequestHead head, int questionMark, int end) {
        byte[] bytes = head.fields().bytes;
        for (int i = questionMark + 1; i < end; i++) {
            if (!Octets.isQuery(bytes[i])) {
                return bytes[i] == '#' ? Refusal.TARGET_FRAGMENT : Refusal.TARGET;
            }
        }
        head.queryStart = questionMark + 1;
        head.queryEnd = end;
        return null;
    }

    /** Rewrites {@code [start, end)} in place; every step only shortens it. */
    private @Nullable Refusal normalise(RequestHead head, int start, int end) {
        byte[] bytes = head.fields().bytes;
        if (head.encodedSlashes == EncodedSlashes.REJECT && hasEncodedSlash(bytes, start, end)) {
            return Refusal.TARGET_ENCODED_SLASH;
        }
        int decodedEnd = decode(bytes, start, end, head.encodedSlashes);
        if (decodedEnd < 0) {
            return Refusal.TARGET_ENCODING;
        }
        cursor = start;
        int at = start;
        while (at < decodedEnd) {
            int segment = at + 1;
            int segmentEnd = segment;
            while (segmentEnd < decodedEnd && bytes[segmentEnd] != '/') {
                segmentEnd++;
            }
            if (!appendSegment(bytes, start, segment, segmentEnd, segmentEnd == decodedEnd)) {
                return Refusal.TARGET_TRAVERSAL;
            }
            at = segmentEnd;
        }
        if (cursor == start) {
            bytes[cursor++] = '/';
        }
        head.pathEnd = cursor;
        return null;
    }

    private boolean appendSegment(byte[] bytes, int start, int segment, int segmentEnd, boolean last) {
        int length = segmentEnd - segment;
        if (length == 0 || (length == 1 && bytes[segment] == '.')) {
            if (last) {
                bytes[cursor++] = '/';
            }
            return true;
        }
        if (length == 2 && bytes[segment] == '.' && bytes[segment + 1] == '.') {
            if (cursor == start) {
                return false;
            }
            do {
                cursor--;
            } while (bytes[cursor] != '/');
            if (last) {
                bytes[cursor++] = '/';
            }
            return true;
        }
        bytes[cursor++] = '/';
        System.arraycopy(bytes, segment, bytes, cursor, length);
        cursor += length;
        return true;
    }

    private static boolean hasEncodedSlash(byte[] bytes, int start, int end) {
        for (int at = start; at + 2 < end; at++) {
            if (bytes[at] == '%' && isSlash(Octets.hex(bytes[at + 1]) << 4 | Octets.hex(bytes[at + 2]))) {
                return true;
            }
        }
        return false;
    }

    /** A backslash is one too: to some origins it is. */
    private static boolean isSlash(int octet) {
        return octet == '/' || octet == '\\';
    }

    /** Answers the new end, or -1 when an encoding is broken or hides a NUL. */
    private static int decode(byte[] bytes, int start, int end, EncodedSlashes slashes) {
        int to = start;
        for (int at = start; at < end; at++) {
            byte b = bytes[at];
            if (b != '%') {
                bytes[to++] = b;
                continue;
            }
            int high = at + 2 < end ? Octets.hex(bytes[at + 1]) : -1;
            int low = at + 2 < end ? Octets.hex(bytes[at + 2]) : -1;
            int octet = high << 4 | low;
            if (high < 0 || low < 0 || octet == 0) {
                return -1;
            }
            if (Octets.isUnreserved(octet)) {
                bytes[to++] = (byte) octet;
            } else if (slashes == EncodedSlashes.DECODE && isSlash(octet)) {
                bytes[to++] = '/';
            } else {
                bytes[to++] = '%';
                bytes[to++] = upper(bytes[at + 1]);
                bytes[to++] = upper(bytes[at + 2]);
            }
            at += 2;
        }
        return to;
    }

    private static byte upper(byte hexDigit) {
        return hexDigit >= 'a' ? (byte) (hexDigit - 32) : hexDigit;
    }
}
