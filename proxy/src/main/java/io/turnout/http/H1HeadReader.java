package io.turnout.http;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the head of an HTTP/1 message into lines as its octets arrive, refusing what RFC 9112 section 2.2 forbids.
 *
 * <p>Resumable at any octet: it remembers the start of the line it is in and how far that line has been looked at, so
 * a head that drips in one octet at a time costs the same as one that arrives whole. Confined to one event loop;
 * stateless between calls, the place is kept in the head.
 */
final class H1HeadReader {
    /** More octets are wanted. */
    static final int MORE = -1;

    /** The line holds something no head may hold; {@link #refusal} says what. */
    static final int REFUSED = -2;

    private static final int STEP = 1024;

    private static final VarHandle EIGHT_OCTETS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Refusal refusal = Refusal.CONTROL;

    /** Why the last call answered {@link #REFUSED}. */
    Refusal refusal() {
        return refusal;
    }

    /**
     * Index of the CR that ends the line reaching from {@code scanned}, or {@link #MORE} or {@link #REFUSED}. Octets are
     * moved from the buffer into the fields' array as needed; those beyond the line's end stay counted in {@code
     * fields.filled} and are given back by {@link #giveBack} at the end of the head.
     *
     * @param scanned where to go on looking; all before it is known to be clean
     * @param maxFilled how many octets the head may have at most
     */
    int lineEnd(Fields fields, int scanned, int maxFilled, ByteBuf in) {
        int at = scanned;
        while (true) {
            int end = clean(fields.bytes, at, fields.filled);
            if (end == fields.filled) {
                if (!pull(fields, maxFilled, in)) {
                    return MORE;
                }
                at = end;
                continue;
            }
            byte found = fields.bytes[end];
            if (found == '\r') {
                if (end + 1 == fields.filled) {
                    if (!pull(fields, maxFilled, in)) {
                        return MORE;
                    }
                    at = end;
                    continue;
                }
                if (fields.bytes[end + 1] == '\n') {
                    return end;
                }
                refusal = Refusal.BARE_CR;
            } else {
                refusal = found == '\n' ? Refusal.BARE_LF : Refusal.CONTROL;
            }
            return REFUSED;
        }
    }

    /** Index of the first control octet other than the tab in {@code [from, to)}, or {@code to}. */
    static int clean(byte[] bytes, int from, int to) {
        int at = from;
        while (at + Long.BYTES <= to) {
            long controls = controls((long) EIGHT_OCTETS.get(bytes, at));
            if (controls == 0) {
                at += Long.BYTES;
                continue;
            }
            at += Long.numberOfTrailingZeros(controls) / Byte.SIZE;
            if (bytes[at] != '\t') {
                return at;
            }
            at++;
        }
        while (at < to && !isForbidden(bytes[at])) {
            at++;
        }
        return at;
    }

    /**
     * Eight octets at once: the lowest bit that is set belongs to the first control among them; zero when there is none.
     * Bits above it mean nothing, because a subtraction that finds one borrows from the next octet.
     */
    private static long controls(long octets) {
        long below20 = (octets - 0x2020202020202020L) & ~octets;
        long delete = octets ^ 0x7f7f7f7f7f7f7f7fL;
        long is7f = (delete - 0x0101010101010101L) & ~delete;
        return (below20 | is7f) & 0x8080808080808080L;
    }

    private static boolean isForbidden(byte b) {
        return (b < 0x20 && b >= 0 && b != '\t') || b == 0x7f;
    }

    private static boolean pull(Fields fields, int maxFilled, ByteBuf in) {
        int step = Math.min(Math.min(in.readableBytes(), STEP), maxFilled - fields.filled);
        if (step <= 0) {
            return false;
        }
        fields.reserve(step);
        in.readBytes(fields.bytes, fields.filled, step);
        fields.filled += step;
        return true;
    }

    /** Ends the head at {@code end} and gives the octets read beyond it back to the buffer. */
    static void giveBack(Fields fields, int end, ByteBuf in) {
        in.readerIndex(in.readerIndex() - (fields.filled - end));
        fields.filled = end;
    }

    /** Where to go on looking after {@link #MORE}: everything before is clean, except a CR that awaits its LF. */
    static int resumeAt(Fields fields, int lineStart) {
        int filled = fields.filled;
        return filled > lineStart && fields.bytes[filled - 1] == '\r' ? filled - 1 : filled;
    }

    /**
     * Records the field line {@code [start, end)}, end being its CR.
     *
     * @param spaceBeforeColon what to do about it: a proxy refuses it in requests and removes it from answers
     *     (RFC 9112 section 5.1)
     * @return null, or why it is refused (RFC 9112 section 5)
     */
    static @Nullable Refusal field(Fields fields, int start, int end, SpaceBeforeColon spaceBeforeColon) {
        byte[] bytes = fields.bytes;
        byte first = bytes[start];
        if (first == ' ' || first == '\t') {
            return Refusal.FIELD_FOLDED;
        }
        int colon = start;
        while (colon < end && Octets.isToken(bytes[colon])) {
            colon++;
        }
        if (colon == end) {
            return Refusal.FIELD_LINE;
        }
        int nameEnd = colon;
        if (spaceBeforeColon == SpaceBeforeColon.REMOVED) {
            while (colon < end && isBlank(bytes[colon])) {
                colon++;
            }
        }
        if (nameEnd == start || colon == end || bytes[colon] != ':') {
            return Refusal.FIELD_NAME;
        }
        int valueStart = colon + 1;
        while (valueStart < end && isBlank(bytes[valueStart])) {
            valueStart++;
        }
        int valueEnd = end;
        while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1])) {
            valueEnd--;
        }
        boolean canonical = nameEnd == colon && valueEnd == end && valueStart == colon + 2 && bytes[colon + 1] == ' ';
        fields.mark(start, nameEnd, valueStart, valueEnd, canonical);
        return null;
    }

    /** What becomes of white space between a field's name and its colon. */
    enum SpaceBeforeColon {
        REFUSED,
        REMOVED
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
