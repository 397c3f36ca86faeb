package io.turnout.http;

/** The methods whose meaning matters to a proxy (RFC 9110 section 9.3); every other is {@link #OTHER} and carried as is. */
@SuppressWarnings("ImmutableEnumChecker") // the octets are never written after construction
public enum Method {
    GET(true, true),
    HEAD(true, true),
    OPTIONS(true, true),
    TRACE(true, true),
    PUT(false, true),
    DELETE(false, true),
    POST(false, false),
    PATCH(false, false),
    CONNECT(false, false),
    OTHER(false, false);

    private static final Method[] ALL = values();

    private final boolean safe;
    private final boolean idempotent;
    private final byte[] octets = name().getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    Method(boolean safe, boolean idempotent) {
        this.safe = safe;
        this.idempotent = idempotent;
    }

    /** Whether the method asks for no change (RFC 9110 section 9.2.1). */
    public boolean isSafe() {
        return safe;
    }

    /** Whether sending it twice is as good as once (RFC 9110 section 9.2.2). */
    public boolean isIdempotent() {
        return idempotent;
    }

    /** Methods are case-sensitive (RFC 9110 section 9.1). */
    static Method of(byte[] bytes, int start, int end) {
        int length = end - start;
        if (length == 3 && bytes[start] == 'G' && bytes[start + 1] == 'E' && bytes[start + 2] == 'T') {
            return GET;
        }
        for (Method method : ALL) {
            if (method != OTHER
                    && length == method.octets.length
                    && java.util.Arrays.equals(bytes, start, end, method.octets, 0, length)) {
                return method;
            }
        }
        return OTHER;
    }
}
