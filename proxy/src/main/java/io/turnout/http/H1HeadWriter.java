package io.turnout.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes HTTP/1 heads, always as {@code HTTP/1.1} and always with CRLF, whatever came in.
 *
 * <p>Field lines that need no change are copied as they stand, neighbours together; the rest is put into canonical
 * form. One per event loop, confined to it.
 */
public final class H1HeadWriter {
    private static final byte[] VERSION_LINE_END = ascii(" HTTP/1.1\r\n");
    private static final byte[] STATUS_START = ascii("HTTP/1.1 ");
    private static final byte[] HOST = ascii("Host: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] TE_TRAILERS = ascii("TE: trailers\r\nConnection: TE\r\n");
    private static final byte[] CONNECTION_CLOSE = ascii("Connection: close\r\n");
    private static final byte[] CONNECTION_KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[][] VIA = Arrays.stream(Via.VALUES)
            .map(value -> ascii("Via: " + value + "\r\n"))
            .toArray(byte[][]::new);
    private static final byte[] X_REQUEST_ID = ascii("X-Request-Id: ");
    private static final byte[] UPGRADE = ascii("Connection: Upgrade\r\nUpgrade: ");
    private static final byte[] X_FORWARDED_HOST = ascii("X-Forwarded-Host: ");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] LAST_CHUNK = ascii("0\r\n");
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private byte[] out = new byte[4096];
    private int at;
    private byte[] dateLine = new byte[0];
    private long dateSecond = Long.MIN_VALUE;

    /** What becomes of the connection after an answer, as the client is told. */
    public enum Persistence {
        /** An HTTP/1.1 connection that stays open: nothing needs saying. */
        IMPLICIT,
        /** An HTTP/1.0 connection that stays open because the client asked for it. */
        KEEP_ALIVE,
        /** The connection ends with this answer. */
        CLOSE
    }

    /** Tells the writer the time of day, in seconds since the epoch, for the Date of answers that have none. */
    public void onSecond(long epochSecond) {
        if (epochSecond != dateSecond) {
            dateSecond = epochSecond;
            dateLine = ascii("Date: " + IMF_FIXDATE.format(Instant.ofEpochSecond(epochSecond)) + "\r\n");
        }
    }

    /** The time of day last told, in seconds since the epoch. */
    long second() {
        return dateSecond;
    }

    /** The value of a Date field for that second. */
    String date() {
        return IMF_FIXDATE.format(Instant.ofEpochSecond(dateSecond));
    }

    /**
     * Writes a request head to go upstream. Hop-by-hop fields must have been dropped before.
     *
     * @param forwardedLines complete field lines about the client's side, ending in CRLF
     * @param fallbackAuthority Host for a request that named none (HTTP/1.0)
     */
    public void request(RequestHead head, byte[] forwardedLines, byte[] fallbackAuthority, ByteBuf to) {
        Fields fields = head.fields();
        begin(fields.filled + forwardedLines.length + 512);
        copy(fields.bytes, head.methodStart, head.methodEnd);
        out[at++] = ' ';
        copy(fields.bytes, head.pathStart, head.pathEnd);
        if (head.queryStart >= 0) {
            out[at++] = '?';
            copy(fields.bytes, head.queryStart, head.queryEnd);
        }
        copy(VERSION_LINE_END);
        boolean named = head.authorityEnd > head.authorityStart;
        if (!fields.has(KnownField.HOST)) {
            copy(HOST);
            if (named) {
                copy(fields.bytes, head.authorityStart, head.authorityEnd);
            } else {
                copy(fallbackAuthority);
            }
            copy(CRLF);
        }
        fieldLines(fields);
        if (head.framing == Framing.STREAM) {
            copy(CHUNKED);
        }
        String upgrade = head.upgrade;
        if (upgrade != null) {
            // One Connection line only: there are servers that read no second.
            copy(UPGRADE);
            copy(ascii(upgrade));
            copy(CRLF);
        } else if (head.acceptsTrailers) {
            copy(TE_TRAILERS);
        }
        if (head.hasOwnId()) {
            requestId(head);
        }
        copy(forwardedLines);
        if (named && !fields.has(KnownField.X_FORWARDED_HOST)) {
            copy(X_FORWARDED_HOST);
            copy(fields.bytes, head.authorityStart, head.authorityEnd);
            copy(CRLF);
        }
        copy(VIA[head.via()]);
        copy(CRLF);
        to.writeBytes(out, 0, at);
    }

    private void requestId(RequestHead head) {
        copy(X_REQUEST_ID);
        if (at + 40 > out.length) {
            out = Arrays.copyOf(out, out.length * 2);
        }
        head.idTo(out, at);
        at += RequestHead.ID_DIGITS;
        copy(CRLF);
    }

    /** Writes a final answer's head. Hop-by-hop fields must have been dropped before. */
    public void response(ResponseHead head, BodyCoding coding, Persistence persistence, ByteBuf to) {
        Fields fields = head.fields();
        begin(fields.filled + 512);
        statusLine(head);
        fieldLines(fields);
        if (coding == BodyCoding.CHUNKED) {
            copy(CHUNKED);
        }
        if (!fields.has(KnownField.DATE)) {
            copy(dateLine);
        }
        copy(VIA[head.via()]);
        if (persistence == Persistence.CLOSE) {
            copy(CONNECTION_CLOSE);
        } else if (persistence == Persistence.KEEP_ALIVE) {
            copy(CONNECTION_KEEP_ALIVE);
        }
        copy(CRLF);
        to.writeBytes(out, 0, at);
    }

    /** Writes an interim answer's head (RFC 9110 section 15.2). */
    public void interim(ResponseHead head, ByteBuf to) {
        begin(head.fields().filled + 64);
        statusLine(head);
        fieldLines(head.fields());
        copy(CRLF);
        to.writeBytes(out, 0, at);
    }

    /** Writes the line that begins a chunk of so many octets. */
    public void chunkStart(int length, ByteBuf to) {
        begin(16);
        int digits = Math.max(1, (35 - Integer.numberOfLeadingZeros(length)) / 4);
        for (int i = digits - 1; i >= 0; i--) {
            out[at++] = (byte) Character.forDigit(length >>> (i * 4) & 0xf, 16);
        }
        copy(CRLF);
        to.writeBytes(out, 0, at);
    }

    /** Writes what ends a chunk. */
    public void chunkEnd(ByteBuf to) {
        to.writeBytes(CRLF);
    }

    /** Writes the last chunk and the trailers, if any. */
    public void lastChunk(@Nullable Fields trailers, ByteBuf to) {
        begin(trailers == null ? 16 : trailers.filled + 64);
        copy(LAST_CHUNK);
        if (trailers != null) {
            fieldLines(trailers);
        }
        copy(CRLF);
        to.writeBytes(out, 0, at);
    }

    /** Octets a head or trailer section of these fields may need at most, our own additions included. */
    public static int estimate(Fields fields) {
        return fields.filled + 640;
    }

    private void statusLine(ResponseHead head) {
        copy(STATUS_START);
        out[at++] = (byte) ('0' + head.status / 100);
        out[at++] = (byte) ('0' + head.status / 10 % 10);
        out[at++] = (byte) ('0' + head.status % 10);
        out[at++] = ' ';
        if (head.reasonEnd > head.reasonStart) {
            copy(head.fields().bytes, head.reasonStart, head.reasonEnd);
        } else {
            copy(Status.reasonOctets(head.status));
        }
        copy(CRLF);
    }

    private void fieldLines(Fields fields) {
        int count = fields.count();
        int i = 0;
        while (i < count) {
            if (!fields.isCopied(i)) {
                if (!fields.isDropped(i)) {
                    line(fields, i);
                }
                i++;
                continue;
            }
            int runStart = fields.nameStart(i);
            int runEnd = fields.valueEnd(i) + 2;
            i++;
            while (i < count && fields.isCopied(i) && fields.nameStart(i) == runEnd) {
                runEnd = fields.valueEnd(i) + 2;
                i++;
            }
            copy(fields.bytes, runStart, runEnd);
        }
    }

    private void line(Fields fields, int index) {
        copy(fields.bytes, fields.nameStart(index), fields.nameEnd(index));
        out[at++] = ':';
        out[at++] = ' ';
        copy(fields.bytes, fields.valueStart(index), fields.valueEnd(index));
        copy(CRLF);
    }

    private void begin(int atMost) {
        at = 0;
        if (out.length < atMost) {
            out = new byte[Math.max(atMost, out.length * 2)];
        }
    }

    private void copy(byte[] octets) {
        copy(octets, 0, octets.length);
    }

    private void copy(byte[] octets, int start, int end) {
        int length = end - start;
        if (at + length + 8 > out.length) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, at + length + 64));
        }
        System.arraycopy(octets, start, out, at, length);
        at += length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** How an answer's body is written to the client. */
    public enum BodyCoding {
        /** As it is: by length, or until the connection ends, or not at all. */
        IDENTITY,
        /** In chunks. */
        CHUNKED
    }
}
