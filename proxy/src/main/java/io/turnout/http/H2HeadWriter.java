package io.turnout.http;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.Arrays;

/**
 * Puts heads into the form the HPACK encoder takes: lower-case names, pseudo-header fields first (RFC 9113 section 8.3).
 *
 * <p>Names and values are copied one by one: the encoder's table keeps what it indexes for as long as the connection
 * lives. One per event loop, confined to it.
 */
public final class H2HeadWriter {
    private static final AsciiString[] STATUS = new AsciiString[600];
    private static final AsciiString[] KNOWN = Arrays.stream(KnownField.values())
            .map(field -> AsciiString.cached(field.text()))
            .toArray(AsciiString[]::new);
    private static final AsciiString[] METHODS = Arrays.stream(Method.values())
            .map(method -> AsciiString.cached(method.name()))
            .toArray(AsciiString[]::new);

    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final AsciiString CONNECT = METHODS[Method.CONNECT.ordinal()];
    private static final AsciiString PROTOCOL = Http2Headers.PseudoHeaderName.PROTOCOL.value();
    private static final AsciiString WEBSOCKET = AsciiString.cached(WebSocketHandshake.PROTOCOL);
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");
    private static final AsciiString[] VIA =
            Arrays.stream(Via.VALUES).map(AsciiString::cached).toArray(AsciiString[]::new);

    private final H1HeadWriter clock;
    private AsciiString[] lines = new AsciiString[64];
    private int filled;
    private AsciiString date = AsciiString.EMPTY_STRING;
    private long dateSecond = Long.MIN_VALUE;

    /** A writer that takes the time of day from the loop's other one. */
    public H2HeadWriter(H1HeadWriter clock) {
        this.clock = clock;
    }

    /** What is said to carry a request on. */
    public enum Scheme {
        HTTP,
        HTTPS
    }

    /** A final answer's head. Hop-by-hop fields must have been dropped before. */
    public Http2Headers response(ResponseHead head) {
        filled = 0;
        fieldLines(head.fields());
        if (!head.fields().has(KnownField.DATE)) {
            line(KNOWN[KnownField.DATE.ordinal()], date());
        }
        line(KNOWN[KnownField.VIA.ordinal()], VIA[head.via()]);
        return ReadOnlyHttp2Headers.serverHeaders(false, status(head.status()), taken());
    }

    /** An interim answer's head (RFC 9110 section 15.2). */
    public Http2Headers interim(ResponseHead head) {
        filled = 0;
        fieldLines(head.fields());
        return ReadOnlyHttp2Headers.serverHeaders(false, status(head.status()), taken());
    }

    /**
     * A request's head; one that asks for a WebSocket becomes an extended CONNECT (RFC 8441). Hop-by-hop fields must have
     * been dropped before.
     *
     * @param forwardedLines complete HTTP/1 field lines about the client's side, each ending in CRLF
     * @param fallbackAuthority authority for a request that named none (HTTP/1.0)
     */
    public Http2Headers request(RequestHead head, byte[] forwardedLines, byte[] fallbackAuthority, Scheme scheme) {
        Fields fields = head.fields();
        boolean named = head.authorityEnd > head.authorityStart;
        AsciiString authority = named
                ? copy(fields.bytes, head.authorityStart, head.authorityEnd)
                : new AsciiString(fallbackAuthority, false);
        boolean tunnel = head.asksForWebSocket();
        filled = 0;
        if (tunnel) {
            line(PROTOCOL, WEBSOCKET);
        }
        int left = tunnel ? fields.find(WebSocketHandshake.KEY) : -1;
        for (int i = 0; i < fields.count(); i++) {
            if (!fields.isDropped(i) && fields.known(i) != KnownField.HOST && i != left) {
                fieldLine(fields, i);
            }
        }
        if (head.acceptsTrailers) {
            line(KNOWN[KnownField.TE.ordinal()], TRAILERS);
        }
        if (head.hasOwnId()) {
            line(KNOWN[KnownField.X_REQUEST_ID.ordinal()], id(head));
        }
        textLines(forwardedLines);
        if (named && !fields.has(KnownField.X_FORWARDED_HOST)) {
            line(KNOWN[KnownField.X_FORWARDED_HOST.ordinal()], authority);
        }
        line(KNOWN[KnownField.VIA.ordinal()], VIA[head.via()]);
        return ReadOnlyHttp2Headers.clientHeaders(
                false,
                tunnel ? CONNECT : method(head),
                path(head),
                scheme == Scheme.HTTP ? HTTP : HTTPS,
                authority,
                taken());
    }

    private static AsciiString id(RequestHead head) {
        byte[] digits = new byte[RequestHead.ID_DIGITS];
        head.idTo(digits, 0);
        return new AsciiString(digits, false);
    }

    private static AsciiString method(RequestHead head) {
        return head.method == Method.OTHER
                ? copy(head.fields().bytes, head.methodStart, head.methodEnd)
                : METHODS[head.method.ordinal()];
    }

    private static AsciiString path(RequestHead head) {
        byte[] bytes = head.fields().bytes;
        int pathLength = head.pathEnd - head.pathStart;
        if (head.queryStart < 0) {
            return copy(bytes, head.pathStart, head.pathEnd);
        }
        byte[] target = Arrays.copyOfRange(bytes, head.pathStart, head.pathEnd + 1 + head.queryEnd - head.queryStart);
        target[pathLength] = '?';
        System.arraycopy(bytes, head.queryStart, target, pathLength + 1, head.queryEnd - head.queryStart);
        return new AsciiString(target, false);
    }

    /** A trailer section. */
    public Http2Headers trailers(Fields trailers) {
        filled = 0;
        fieldLines(trailers);
        return ReadOnlyHttp2Headers.trailers(false, taken());
    }

    private void fieldLines(Fields fields) {
        for (int i = 0; i < fields.count(); i++) {
            if (!fields.isDropped(i)) {
                fieldLine(fields, i);
            }
        }
    }

    private void fieldLine(Fields fields, int index) {
        KnownField known = fields.known(index);
        AsciiString name = known != null
                ? KNOWN[known.ordinal()]
                : copy(fields.bytes, fields.nameStart(index), fields.nameEnd(index))
                        .toLowerCase();
        line(name, copy(fields.bytes, fields.valueStart(index), fields.valueEnd(index)));
    }

    /** Takes apart lines of our own making: {@code Name: value CRLF}. */
    private void textLines(byte[] text) {
        int at = 0;
        while (at < text.length) {
            int colon = at;
            while (text[colon] != ':') {
                colon++;
            }
            int end = colon;
            while (text[end] != '\r') {
                end++;
            }
            KnownField known = KnownField.of(text, at, colon);
            AsciiString name = known != null
                    ? KNOWN[known.ordinal()]
                    : copy(text, at, colon).toLowerCase();
            line(name, copy(text, colon + 2, end));
            at = end + 2;
        }
    }

    private AsciiString date() {
        if (clock.second() != dateSecond) {
            dateSecond = clock.second();
            date = AsciiString.cached(clock.date());
        }
        return date;
    }

    private static AsciiString status(int status) {
        AsciiString known = STATUS[status];
        if (known == null) {
            // Racing loops make equal strings; whichever stays is right.
            known = AsciiString.cached(Integer.toString(status));
            STATUS[status] = known;
        }
        return known;
    }

    private static AsciiString copy(byte[] bytes, int start, int end) {
        return new AsciiString(bytes, start, end - start, true);
    }

    private void line(AsciiString name, AsciiString value) {
        if (filled + 2 > lines.length) {
            lines = Arrays.copyOf(lines, lines.length * 2);
        }
        lines[filled++] = name;
        lines[filled++] = value;
    }

    private AsciiString[] taken() {
        AsciiString[] taken = Arrays.copyOf(lines, filled);
        Arrays.fill(lines, 0, filled, null);
        return taken;
    }
}
