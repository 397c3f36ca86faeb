package io.turnout.http;

import io.netty.buffer.ByteBuf;
import io.turnout.http.H1HeadReader.SpaceBeforeColon;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1 answer heads. An answer is as untrusted as a request: what could be read in two ways is refused, and the
 * client gets 502 (RFC 9110 section 15.6.3).
 *
 * <p>One per event loop; the state of a half-read head is in the head itself.
 */
public final class H1ResponseParser {
    /** How far a head has come. */
    public enum Progress {
        /** More octets are wanted. */
        PARTIAL,
        /** The head is complete; the buffer stands at the first octet after it. */
        COMPLETE,
        /** The head breaks a rule, see {@link #refusal()}. */
        REFUSED
    }

    private final H1HeadReader reader = new H1HeadReader();
    private Refusal refusal = Refusal.STATUS_LINE;

    /** Why the last call answered {@link Progress#REFUSED}. */
    public Refusal refusal() {
        return refusal;
    }

    /** Takes what the buffer holds of the head of an answer to {@code method}; never reads past the head's end. */
    public Progress parse(ResponseHead head, ByteBuf in, HeadLimits limits, Method method) {
        Fields fields = head.fields();
        while (true) {
            int end = reader.lineEnd(fields, head.scanned, limits.headBytes(), in);
            if (end == H1HeadReader.REFUSED) {
                return refuse(reader.refusal());
            }
            if (end == H1HeadReader.MORE) {
                if (in.isReadable()) {
                    return refuse(Refusal.HEAD_TOO_LARGE);
                }
                head.scanned = H1HeadReader.resumeAt(fields, head.lineStart);
                return head.hasStatusLine || startsLikeHttp(fields, head.lineStart)
                        ? Progress.PARTIAL
                        : refuse(Refusal.STATUS_LINE);
            }
            int start = head.lineStart;
            head.lineStart = end + 2;
            head.scanned = end + 2;
            if (start == end && head.hasStatusLine) {
                H1HeadReader.giveBack(fields, end + 2, in);
                Refusal problem = finish(head, method);
                return problem == null ? Progress.COMPLETE : refuse(problem);
            }
            Refusal problem = head.hasStatusLine ? field(fields, start, end, limits) : statusLine(head, start, end);
            if (problem != null) {
                return refuse(problem);
            }
        }
    }

    private static boolean startsLikeHttp(Fields fields, int start) {
        int length = Math.min(fields.filled - start, 5);
        return Octets.equalsIgnoreCase(fields.bytes, start, start + length, "http/".substring(0, length));
    }

    private static @Nullable Refusal field(Fields fields, int start, int end, HeadLimits limits) {
        return fields.count() == limits.fields()
                ? Refusal.TOO_MANY_FIELDS
                : H1HeadReader.field(fields, start, end, SpaceBeforeColon.REMOVED);
    }

    /** RFC 9112 section 4: version, one space, three digits, then a space and a reason, which may both be missing. */
    private static @Nullable Refusal statusLine(ResponseHead head, int start, int end) {
        byte[] bytes = head.fields().bytes;
        boolean wellFormed = end - start >= 12
                && bytes[start] == 'H'
                && bytes[start + 1] == 'T'
                && bytes[start + 2] == 'T'
                && bytes[start + 3] == 'P'
                && bytes[start + 4] == '/'
                && bytes[start + 5] == '1'
                && bytes[start + 6] == '.'
                && (bytes[start + 7] == '0' || bytes[start + 7] == '1')
                && bytes[start + 8] == ' '
                && Octets.isDigit(bytes[start + 9])
                && Octets.isDigit(bytes[start + 10])
                && Octets.isDigit(bytes[start + 11])
                && (end - start == 12 || bytes[start + 12] == ' ');
        if (!wellFormed) {
            return Refusal.STATUS_LINE;
        }
        int status = (bytes[start + 9] - '0') * 100 + (bytes[start + 10] - '0') * 10 + bytes[start + 11] - '0';
        if (status < 100 || status > 599) {
            return Refusal.STATUS_LINE;
        }
        head.hasStatusLine = true;
        head.status = status;
        head.minorVersion = bytes[start + 7] - '0';
        head.reasonStart = Math.min(start + 13, end);
        head.reasonEnd = end;
        return null;
    }

    private static @Nullable Refusal finish(ResponseHead head, Method method) {
        Fields fields = head.fields();
        boolean old = head.minorVersion == 0;
        head.keepAlive = old
                ? FieldList.contains(fields, KnownField.CONNECTION, "keep-alive")
                        && !FieldList.contains(fields, KnownField.CONNECTION, "close")
                : !FieldList.contains(fields, KnownField.CONNECTION, "close");
        int coding = fields.find(KnownField.TRANSFER_ENCODING);
        int length = fields.find(KnownField.CONTENT_LENGTH);
        if (length >= 0) {
            Refusal problem = contentLength(head, fields, length);
            if (problem != null) {
                return problem;
            }
        }
        if (bodyless(head.status, method)) {
            head.framing = Framing.NONE;
            return null;
        }
        if (coding >= 0) {
            return coding(head, fields, coding, length, old);
        }
        if (length < 0) {
            head.framing = Framing.CLOSE;
            head.keepAlive = false;
        } else {
            head.framing = head.contentLength == 0 ? Framing.NONE : Framing.LENGTH;
        }
        return null;
    }

    /** RFC 9112 section 6.3: these have no body whatever the fields say. */
    private static boolean bodyless(int status, Method method) {
        return method == Method.HEAD || status < 200 || status == 204 || status == 304;
    }

    private static @Nullable Refusal coding(ResponseHead head, Fields fields, int coding, int length, boolean old) {
        if (old) {
            return Refusal.TRANSFER_CODING_1_0;
        }
        if (length >= 0) {
            return Refusal.CONTENT_LENGTH_WITH_CODING;
        }
        head.framing = Framing.STREAM;
        return RequestRules.transferCoding(fields, coding);
    }

    /** Repeated equal lengths are one (RFC 9112 section 6.3, rule 5); differing ones are an attack or a bug. */
    private static @Nullable Refusal contentLength(ResponseHead head, Fields fields, int first) {
        long octets = RequestRules.contentLength(fields, first);
        if (octets < 0) {
            return Refusal.CONTENT_LENGTH;
        }
        for (int i = fields.findFrom(KnownField.CONTENT_LENGTH, first + 1);
                i >= 0;
                i = fields.findFrom(KnownField.CONTENT_LENGTH, i + 1)) {
            if (RequestRules.contentLength(fields, i) != octets) {
                return Refusal.CONTENT_LENGTH_REPEATED;
            }
            fields.drop(i);
        }
        head.contentLength = octets;
        return null;
    }

    private Progress refuse(Refusal reason) {
        refusal = reason;
        return Progress.REFUSED;
    }
}
