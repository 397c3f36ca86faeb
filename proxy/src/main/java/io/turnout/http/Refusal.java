package io.turnout.http;

/**
 * Why a message is refused before it is looked at as a whole, with the status the client gets.
 *
 * <p>After each of them nothing more is read from the connection (RFC 9112 section 9.6): what follows cannot be
 * trusted to be where a request begins.
 */
public enum Refusal {
    /** Not HTTP/1 at all: the connection is closed without an answer. */
    NOT_HTTP(400, "not HTTP"),
    REQUEST_LINE(400, "malformed request line"),
    METHOD_TOO_LONG(501, "method too long"),
    METHOD(400, "malformed method"),
    TARGET(400, "malformed request target"),
    TARGET_FRAGMENT(400, "fragment in the request target"),
    TARGET_USERINFO(400, "user information in the request target"),
    TARGET_ENCODING(400, "malformed percent-encoding in the request target"),
    TARGET_ENCODED_SLASH(400, "encoded slash in the path"),
    TARGET_TRAVERSAL(400, "the path climbs above the root"),
    TARGET_FORM(400, "this form of request target does not go with the method"),
    VERSION(400, "malformed HTTP version"),
    VERSION_UNSUPPORTED(505, "HTTP version not supported"),
    CONNECT_UNSUPPORTED(501, "CONNECT is not supported"),
    CONNECT_PROTOCOL(501, "CONNECT is supported for WebSocket only"),
    BARE_CR(400, "carriage return without line feed"),
    BARE_LF(400, "line feed without carriage return"),
    CONTROL(400, "control character in the head"),
    FIELD_LINE(400, "malformed field line"),
    FIELD_NAME(400, "malformed field name"),
    FIELD_FOLDED(400, "folded field line"),
    HOST_MISSING(400, "missing Host"),
    HOST_REPEATED(400, "more than one Host"),
    HOST(400, "malformed Host"),
    CONTENT_LENGTH(400, "malformed Content-Length"),
    CONTENT_LENGTH_REPEATED(400, "more than one Content-Length"),
    CONTENT_LENGTH_WITH_CODING(400, "both Content-Length and Transfer-Encoding"),
    TRANSFER_CODING(400, "chunked is not the only transfer coding"),
    TRANSFER_CODING_UNKNOWN(501, "transfer coding not supported"),
    TRANSFER_CODING_1_0(400, "Transfer-Encoding in HTTP/1.0"),
    EXPECTATION(417, "expectation not supported"),
    CHUNK_SIZE(400, "malformed chunk size"),
    CHUNK_EXTENSION(400, "malformed or too long chunk extension"),
    CHUNK_END(400, "malformed end of chunk"),
    TRAILER(400, "malformed or too long trailer section"),
    GLITCHES(400, "too many oddities on this connection"),
    BODY_TOO_LARGE(413, "request body too large"),
    REQUEST_LINE_TOO_LONG(414, "request line too long"),
    HEAD_TOO_LARGE(431, "request header section too large"),
    TOO_MANY_FIELDS(431, "too many header fields"),
    MISDIRECTED(421, "this connection was opened for another host"),
    STATUS_LINE(502, "malformed status line");

    private final int status;
    private final String text;

    Refusal(int status, String text) {
        this.status = status;
        this.text = text;
    }

    /** The status code a client gets for it; in an answer from upstream the client gets 502 whatever this says. */
    public int status() {
        return status;
    }

    /** The reason in words, safe to show to a client. */
    public String text() {
        return text;
    }
}
