package io.turnout.http;

import org.jspecify.annotations.Nullable;

/**
 * The head of one request, the same whichever HTTP version carried it.
 *
 * <p>Filled by a parser, then read by the exchange and written out by an emitter; reused from request to request.
 * Confined to one event loop. Windows ({@code xStart}/{@code xEnd}) point into {@link Fields#bytes()} of {@link
 * #fields()}.
 */
public final class RequestHead {
    /** Fields without a meaning, or with a wrong one, when the body they describe is not there. */
    private static final String[] ABOUT_BODY = {
        "content-length",
        "transfer-encoding",
        "trailer",
        "expect",
        "content-type",
        "content-encoding",
        "content-language",
        "content-location",
        "content-range",
        "content-md5",
        "digest",
        "content-digest",
        "repr-digest"
    };

    /** Digits of an id of our own. */
    static final int ID_DIGITS = 32;

    private static final byte[] HEX = hex();

    private final Fields fields = new Fields();

    // The parser's place in a head that has not arrived whole yet.
    int lineStart;
    int scanned;
    int blankLines;
    boolean hasRequestLine;

    Method method = Method.OTHER;
    int methodEnd;
    int methodStart;
    int pathStart;
    int pathEnd;
    int queryStart = -1;
    int queryEnd;
    int authorityStart;
    int authorityEnd;
    int hostStart;
    int hostEnd;

    /** The host in lower case when it was not written so, else null: the octets of the head are lower case already. */
    byte @Nullable [] lowerHost;

    boolean absoluteForm;
    int minorVersion = 1;
    boolean overHttp2;

    Framing framing = Framing.NONE;
    long contentLength = -1;
    boolean keepAlive = true;
    boolean expectsContinue;
    boolean acceptsTrailers;
    EncodedSlashes encodedSlashes = EncodedSlashes.KEEP;

    @Nullable
    String upgrade;

    private boolean hasOwnId;
    private long idHigh;
    private long idLow;

    /** The fields; dropping and adding there changes what is passed on. */
    public Fields fields() {
        return fields;
    }

    /** The method, {@link Method#OTHER} for one we have no rule for. */
    public Method method() {
        return method;
    }

    /** Moves the window to the method as it was written. */
    public ByteText method(ByteText window) {
        return window.window(fields.bytes, methodStart, methodEnd);
    }

    /** Moves the window to the normalised path, without the query; {@code *} for the asterisk form. */
    public ByteText path(ByteText window) {
        return window.window(fields.bytes, pathStart, pathEnd);
    }

    /** Moves the window to the query without its question mark; empty when there is none. */
    public ByteText query(ByteText window) {
        return queryStart < 0 ? window.window(fields.bytes, 0, 0) : window.window(fields.bytes, queryStart, queryEnd);
    }

    /** Moves the window to host and port as the client named them; empty for HTTP/1.0 without Host. */
    public ByteText authority(ByteText window) {
        return window.window(fields.bytes, authorityStart, authorityEnd);
    }

    /** Moves the window to the host in lower case, without port. */
    public ByteText host(ByteText window) {
        return lowerHost != null
                ? window.window(lowerHost, 0, lowerHost.length)
                : window.window(fields.bytes, hostStart, hostEnd);
    }

    /** Path and query as they go upstream, copied. */
    public String target() {
        String path = fields.text(pathStart, pathEnd);
        return queryStart < 0 ? path : path + '?' + fields.text(queryStart, queryEnd);
    }

    /** Minor version of an HTTP/1 request, 0 or 1; 1 for later versions. */
    public int minorVersion() {
        return minorVersion;
    }

    /** Which of {@link Via#VALUES} says what it came by. */
    int via() {
        return overHttp2 ? Via.HTTP_2 : Math.min(minorVersion, 1);
    }

    /** How the end of the body is known. */
    public Framing framing() {
        return framing;
    }

    /** Length of the body in octets when the framing is {@link Framing#LENGTH}, else -1. */
    public long contentLength() {
        return contentLength;
    }

    /** Whether the client wants the connection kept for a next request. */
    public boolean keepAlive() {
        return keepAlive;
    }

    /** Whether the client waits for 100 (Continue) before it sends the body. */
    public boolean expectsContinue() {
        return expectsContinue;
    }

    /** Whether the client said {@code TE: trailers}. */
    public boolean acceptsTrailers() {
        return acceptsTrailers;
    }

    /** The protocols the client offers to change to, comma-separated, or null. */
    public @Nullable String upgrade() {
        return upgrade;
    }

    /** Whether the request is for a WebSocket, by the means of either version of HTTP. */
    public boolean asksForWebSocket() {
        String asked = upgrade;
        return asked != null && asked.equalsIgnoreCase(WebSocketHandshake.PROTOCOL);
    }

    /** Whether it came as an extended CONNECT of HTTP/2 (RFC 8441): the handshake of HTTP/1 is missing. */
    public boolean isExtendedConnect() {
        return overHttp2 && upgrade != null;
    }

    /** Blank lines that came before the request line; one is usual after some bodies, many are not. */
    public int blankLines() {
        return blankLines;
    }

    /** Gives the request an id of our own, in place of whatever the client called it. */
    public void mintId(long high, long low) {
        fields.drop(KnownField.X_REQUEST_ID);
        hasOwnId = true;
        idHigh = high;
        idLow = low;
    }

    /** Whether the request has an id of our own. */
    boolean hasOwnId() {
        return hasOwnId;
    }

    /** Writes the id's {@link #ID_DIGITS} hexadecimal digits. */
    void idTo(byte[] to, int at) {
        digits(idHigh, to, at);
        digits(idLow, to, at + ID_DIGITS / 2);
    }

    private static void digits(long half, byte[] to, int at) {
        for (int i = 0; i < Long.BYTES; i++) {
            int octet = (int) (half >>> (Long.SIZE - Byte.SIZE * (i + 1))) & 0xff;
            to[at + 2 * i] = HEX[2 * octet];
            to[at + 2 * i + 1] = HEX[2 * octet + 1];
        }
    }

    /** The two digits of every octet, one after the other. */
    private static byte[] hex() {
        byte[] digits = new byte[512];
        for (int octet = 0; octet < 256; octet++) {
            digits[2 * octet] = (byte) Character.forDigit(octet >> 4, 16);
            digits[2 * octet + 1] = (byte) Character.forDigit(octet & 0xf, 16);
        }
        return digits;
    }

    /** Puts a rewritten path in the place of the one received; the query stays. */
    public void rewritePath(CharSequence path) {
        pathStart = fields.append(path);
        pathEnd = fields.filled;
        for (int i = pathStart; i < pathEnd; i++) {
            if (!Octets.isPath(fields.bytes[i])) {
                throw new IllegalArgumentException("not a path: " + path);
            }
        }
    }

    /** Puts another prefix in the place of the path's first octets; exactly one slash stands where they meet. */
    public void rewritePrefix(int matchedLength, String prefix) {
        String path = fields.text(pathStart, pathEnd);
        String rest = path.substring(Math.min(matchedLength, path.length()));
        String start = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        if (rest.isEmpty()) {
            rewritePath(prefix);
        } else {
            rewritePath(rest.startsWith("/") ? start + rest : start + "/" + rest);
        }
    }

    /** Puts another authority in the place of the one received. */
    public void rewriteAuthority(CharSequence authority) {
        authorityStart = fields.append(authority);
        authorityEnd = fields.filled;
        fields.drop(KnownField.HOST);
        absoluteForm = true;
    }

    /**
     * Becomes a copy of the other, of which nothing is shared. Only for a complete head; the copy cannot be parsed any
     * further.
     */
    public void copyFrom(RequestHead other) {
        fields.copyFrom(other.fields);
        method = other.method;
        methodStart = other.methodStart;
        methodEnd = other.methodEnd;
        pathStart = other.pathStart;
        pathEnd = other.pathEnd;
        queryStart = other.queryStart;
        queryEnd = other.queryEnd;
        authorityStart = other.authorityStart;
        authorityEnd = other.authorityEnd;
        hostStart = other.hostStart;
        hostEnd = other.hostEnd;
        lowerHost = other.lowerHost;
        absoluteForm = other.absoluteForm;
        minorVersion = other.minorVersion;
        overHttp2 = other.overHttp2;
        framing = other.framing;
        contentLength = other.contentLength;
        keepAlive = other.keepAlive;
        expectsContinue = other.expectsContinue;
        acceptsTrailers = other.acceptsTrailers;
        encodedSlashes = other.encodedSlashes;
        upgrade = other.upgrade;
        hasOwnId = other.hasOwnId;
        idHigh = other.idHigh;
        idLow = other.idLow;
    }

    /**
     * Takes the body out of the request, and the fields that describe it (RFC 9110 section 8). A method for which a
     * body is usual says that there is none (RFC 9110 section 8.6).
     */
    public void dropBody() {
        for (String name : ABOUT_BODY) {
            fields.drop(name);
        }
        framing = Framing.NONE;
        contentLength = -1;
        if (method == Method.POST || method == Method.PUT || method == Method.PATCH) {
            fields.add("Content-Length", "0");
        }
    }

    /** Forgets the request, ready for the next. */
    public void clear() {
        fields.clear();
        lineStart = 0;
        scanned = 0;
        blankLines = 0;
        hasRequestLine = false;
        method = Method.OTHER;
        methodStart = 0;
        methodEnd = 0;
        pathStart = 0;
        pathEnd = 0;
        queryStart = -1;
        queryEnd = 0;
        authorityStart = 0;
        authorityEnd = 0;
        hostStart = 0;
        hostEnd = 0;
        lowerHost = null;
        absoluteForm = false;
        minorVersion = 1;
        overHttp2 = false;
        framing = Framing.NONE;
        contentLength = -1;
        keepAlive = true;
        expectsContinue = false;
        acceptsTrailers = false;
        encodedSlashes = EncodedSlashes.KEEP;
        upgrade = null;
        hasOwnId = false;
    }
}
