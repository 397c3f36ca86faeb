package io.turnout.http;

import io.netty.buffer.ByteBuf;
import io.turnout.http.H1HeadReader.SpaceBeforeColon;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1 request heads, strictly: whatever two parsers could read differently is refused.
 *
 * <p>One per event loop; the state of a half-read head is in the head itself, so one parser serves every connection of
 * its loop.
 */
public final class H1RequestParser {
    /** How far a head has come. */
    public enum Progress {
        /** Nothing but blank lines so far; the connection counts as idle. */
        IDLE,
        /** The head has begun and is not complete. */
        PARTIAL,
        /** The head is complete; the buffer stands at the first octet after it. */
        COMPLETE,
        /** The head breaks a rule, see {@link #refusal()}; the connection must not be read further. */
        REFUSED
    }

    private static final int BLANK_LINES_ALLOWED = 4;

    private final H1HeadReader reader = new H1HeadReader();
    private final RequestTarget target = new RequestTarget();
    private Refusal refusal = Refusal.REQUEST_LINE;

    /** Why the last call answered {@link Progress#REFUSED}. */
    public Refusal refusal() {
        return refusal;
    }

    /** Takes what the buffer holds of the head; never reads past the head's end. */
    public Progress parse(RequestHead head, ByteBuf in, HeadLimits limits) {
        Fields fields = head.fields();
        while (true) {
            int maxFilled = head.hasRequestLine
                    ? limits.headBytes()
                    : Math.min(head.lineStart + limits.startLineBytes() + 2, limits.headBytes());
            int end = reader.lineEnd(fields, head.scanned, maxFilled, in);
            if (end == H1HeadReader.REFUSED) {
                return refuse(reader.refusal());
            }
            if (end == H1HeadReader.MORE) {
                return onMore(head, in);
            }
            int start = head.lineStart;
            head.lineStart = end + 2;
            head.scanned = end + 2;
            if (start == end) {
                if (head.hasRequestLine) {
                    H1HeadReader.giveBack(fields, end + 2, in);
                    return finish(head);
                }
                // RFC 9112 section 2.2: only CRLF may precede a request line, and at least one is ignored.
                if (++head.blankLines > BLANK_LINES_ALLOWED) {
                    return refuse(Refusal.REQUEST_LINE);
                }
                continue;
            }
            Refusal problem =
                    head.hasRequestLine ? onField(fields, start, end, limits) : onRequestLine(head, start, end, limits);
            if (problem != null) {
                return refuse(problem);
            }
        }
    }

    private Progress onMore(RequestHead head, ByteBuf in) {
        Fields fields = head.fields();
        if (in.isReadable()) {
            return refuse(head.hasRequestLine ? Refusal.HEAD_TOO_LARGE : lineTooLong(fields, head.lineStart));
        }
        head.scanned = H1HeadReader.resumeAt(fields, head.lineStart);
        if (head.hasRequestLine) {
            return Progress.PARTIAL;
        }
        if (head.lineStart == fields.filled) {
            return Progress.IDLE;
        }
        // Whatever is not HTTP shows itself in its first octet: a TLS hello, a binary protocol, white space.
        byte first = fields.bytes[head.lineStart];
        return first == '\r' || Octets.isToken(first) ? Progress.PARTIAL : refuse(Refusal.REQUEST_LINE);
    }

    /** RFC 9112 section 3: a method that is longer than any we know is 501, a target 414. */
    private static Refusal lineTooLong(Fields fields, int start) {
        for (int i = start; i < fields.filled; i++) {
            if (fields.bytes[i] == ' ') {
                return Refusal.REQUEST_LINE_TOO_LONG;
            }
        }
        return Refusal.METHOD_TOO_LONG;
    }

    private static @Nullable Refusal onField(Fields fields, int start, int end, HeadLimits limits) {
        if (fields.count() == limits.fields()) {
            return Refusal.TOO_MANY_FIELDS;
        }
        return H1HeadReader.field(fields, start, end, SpaceBeforeColon.REFUSED);
    }

    private @Nullable Refusal onRequestLine(RequestHead head, int start, int end, HeadLimits limits) {
        if (end - start > limits.startLineBytes()) {
            return Refusal.REQUEST_LINE_TOO_LONG;
        }
        byte[] bytes = head.fields().bytes;
        int methodEnd = start;
        while (methodEnd < end && Octets.isToken(bytes[methodEnd])) {
            methodEnd++;
        }
        if (methodEnd == start || methodEnd == end || bytes[methodEnd] != ' ') {
            return Refusal.METHOD;
        }
        int versionStart = end;
        while (bytes[versionStart - 1] != ' ') {
            versionStart--;
        }
        if (versionStart == methodEnd + 1) {
            // Two parts only: HTTP/0.9, or the target is missing.
            return Refusal.REQUEST_LINE;
        }
        head.methodStart = start;
        head.methodEnd = methodEnd;
        head.method = Method.of(bytes, start, methodEnd);
        head.hasRequestLine = true;
        head.encodedSlashes = limits.encodedSlashes();
        Refusal problem = version(head, bytes, versionStart, end);
        if (problem == Refusal.VERSION && isForeign(head, bytes, versionStart, end)) {
            return Refusal.NOT_HTTP;
        }
        if (problem != null) {
            return problem;
        }
        return target.parse(head, methodEnd + 1, versionStart - 1);
    }

    /**
     * Whether a line in three parts is none of HTTP/1 by any of them, such as a mistaken connection preface of HTTP/2 (RFC
     * 9113 section 3.4): an answer in text would only be taken for something else.
     */
    private static boolean isForeign(RequestHead head, byte[] bytes, int versionStart, int end) {
        boolean named =
                end - versionStart >= 4 && Octets.equalsIgnoreCase(bytes, versionStart, versionStart + 4, "http");
        boolean local = bytes[head.methodEnd + 1] == '/' || bytes[head.methodEnd + 1] == '*';
        return head.method == Method.OTHER && !named && !local;
    }

    /** RFC 9112 section 2.3; exactly HTTP/1.0 and HTTP/1.1 are ours. */
    private static @Nullable Refusal version(RequestHead head, byte[] bytes, int start, int end) {
        boolean wellFormed = end - start == 8
                && bytes[start] == 'H'
                && bytes[start + 1] == 'T'
                && bytes[start + 2] == 'T'
                && bytes[start + 3] == 'P'
                && bytes[start + 4] == '/'
                && Octets.isDigit(bytes[start + 5])
                && bytes[start + 6] == '.'
                && Octets.isDigit(bytes[start + 7]);
        if (!wellFormed) {
            return Refusal.VERSION;
        }
        if (bytes[start + 5] != '1' || bytes[start + 7] > '1') {
            return Refusal.VERSION_UNSUPPORTED;
        }
        head.minorVersion = bytes[start + 7] - '0';
        return null;
    }

    private Progress finish(RequestHead head) {
        Refusal problem = RequestRules.host(head);
        if (problem == null) {
            problem = RequestRules.framing(head);
        }
        if (problem == null) {
            problem = RequestRules.connection(head);
        }
        return problem == null ? Progress.COMPLETE : refuse(problem);
    }

    private Progress refuse(Refusal reason) {
        refusal = reason;
        return Progress.REFUSED;
    }
}
