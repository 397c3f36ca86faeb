package io.turnout.exchange;

import io.turnout.http.Fields;
import io.turnout.http.KnownField;
import io.turnout.model.Outcome;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What Turnout knows of gRPC: that its calls succeed and fail in a field that comes last, under HTTP status 200, and that
 * they carry deadlines of their own. Follows "gRPC over HTTP/2", the protocol's own specification. Stateless.
 */
final class Grpc {
    static final int OK = 0;
    static final int UNKNOWN = 2;
    static final int DEADLINE_EXCEEDED = 4;
    static final int RESOURCE_EXHAUSTED = 8;
    static final int UNIMPLEMENTED = 12;
    static final int INTERNAL = 13;
    static final int UNAVAILABLE = 14;
    static final int DATA_LOSS = 15;

    private static final String MEDIA_TYPE = "application/grpc";
    private static final String STATUS = "grpc-status";
    private static final String TIMEOUT = "grpc-timeout";
    private static final int LAST_CODE = 16;

    /** No deadline of a call is longer than this, in nanoseconds: nobody waits for a day. */
    private static final long LONGEST_NANOS = 86_400_000_000_000L;

    private Grpc() {}

    /** Whether a head, of a request or an answer, belongs to a gRPC call; gRPC-Web is something else. */
    static boolean isCall(Fields fields) {
        int type = fields.find(KnownField.CONTENT_TYPE);
        if (type < 0) {
            return false;
        }
        int start = fields.valueStart(type);
        int length = fields.valueEnd(type) - start;
        if (length < MEDIA_TYPE.length()) {
            return false;
        }
        byte[] bytes = fields.bytes();
        for (int i = 0; i < MEDIA_TYPE.length(); i++) {
            if ((bytes[start + i] | 0x20) != (MEDIA_TYPE.charAt(i) | 0x20)) {
                return false;
            }
        }
        return length == MEDIA_TYPE.length()
                || bytes[start + MEDIA_TYPE.length()] == '+'
                || bytes[start + MEDIA_TYPE.length()] == ';';
    }

    /** The status a section carries; {@link #UNKNOWN} when it carries none, which a whole answer never does. */
    static int status(@Nullable Fields section) {
        int index = section == null ? -1 : section.find(STATUS);
        if (section == null || index < 0) {
            return UNKNOWN;
        }
        int code = 0;
        int start = section.valueStart(index);
        int end = section.valueEnd(index);
        if (end == start || end - start > 2) {
            return UNKNOWN;
        }
        for (int i = start; i < end; i++) {
            int digit = section.bytes()[i] - '0';
            if (digit < 0 || digit > 9) {
                return UNKNOWN;
            }
            code = code * 10 + digit;
        }
        return code <= LAST_CODE ? code : UNKNOWN;
    }

    /**
     * How a call counts that ended whole with this status. Failures are those whose canonical HTTP status is 5xx: UNKNOWN,
     * DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE and DATA_LOSS; the others say something of the request.
     */
    static Outcome outcome(int status) {
        return switch (status) {
            case OK -> Outcome.SUCCESS;
            case UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS -> Outcome.SERVER_ERROR;
            default -> Outcome.CLIENT_ERROR;
        };
    }

    /** The deadline a call brings along, in nanoseconds from now; 0 for none, or none that can be read. */
    static long timeoutNanos(Fields fields) {
        int index = fields.find(TIMEOUT);
        if (index < 0) {
            return 0;
        }
        int start = fields.valueStart(index);
        int last = fields.valueEnd(index) - 1;
        // At most eight digits and a unit.
        if (last <= start || last - start > 8) {
            return 0;
        }
        long amount = 0;
        for (int i = start; i < last; i++) {
            int digit = fields.bytes()[i] - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            amount = amount * 10 + digit;
        }
        long unit = unitNanos(fields.bytes()[last]);
        if (unit == 0) {
            return 0;
        }
        long longest = LONGEST_NANOS / unit;
        return Math.max(1, Math.min(amount, longest) * unit);
    }

    private static long unitNanos(byte unit) {
        return switch (unit) {
            case 'H' -> 3_600_000_000_000L;
            case 'M' -> 60_000_000_000L;
            case 'S' -> 1_000_000_000L;
            case 'm' -> 1_000_000L;
            case 'u' -> 1_000L;
            case 'n' -> 1L;
            default -> 0;
        };
    }

    /** The code for an answer of our own that would have this HTTP status. */
    static int codeFor(int httpStatus) {
        return switch (httpStatus) {
            case 404 -> UNIMPLEMENTED;
            case 408, 504 -> DEADLINE_EXCEEDED;
            case 413, 414, 431 -> RESOURCE_EXHAUSTED;
            case 502, 503 -> UNAVAILABLE;
            default -> INTERNAL;
        };
    }

    /** A message in the form of {@code grpc-message}: printable ASCII, the rest and the percent sign encoded. */
    static String message(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= 0x20 && b <= 0x7e && b != '%') {
                encoded.append((char) b);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(b >> 4 & 0xf, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 0xf, 16)));
            }
        }
        return encoded.toString();
    }
}
