package io.turnout.http;

import org.jspecify.annotations.Nullable;

/**
 * The header fields a proxy has to understand; everything else is carried unread.
 *
 * <p>Immutable. A field's {@link #ordinal} is used as a bit in a head's presence mask, so there are at most 64.
 */
@SuppressWarnings("ImmutableEnumChecker") // the octets are never written after construction
public enum KnownField {
    CONNECTION("connection"),
    KEEP_ALIVE("keep-alive"),
    PROXY_CONNECTION("proxy-connection"),
    TE("te"),
    TRANSFER_ENCODING("transfer-encoding"),
    CONTENT_LENGTH("content-length"),
    UPGRADE("upgrade"),
    HTTP2_SETTINGS("http2-settings"),
    HOST("host"),
    EXPECT("expect"),
    TRAILER("trailer"),
    MAX_FORWARDS("max-forwards"),
    VIA("via"),
    FORWARDED("forwarded"),
    X_FORWARDED_FOR("x-forwarded-for"),
    X_FORWARDED_PROTO("x-forwarded-proto"),
    X_FORWARDED_HOST("x-forwarded-host"),
    X_FORWARDED_PORT("x-forwarded-port"),
    X_FORWARDED_PREFIX("x-forwarded-prefix"),
    X_FORWARDED_SCHEME("x-forwarded-scheme"),
    X_FORWARDED_SERVER("x-forwarded-server"),
    X_FORWARDED_SSL("x-forwarded-ssl"),
    X_REAL_IP("x-real-ip"),
    X_REQUEST_ID("x-request-id"),
    X_FORWARDED_CLIENT_CERT("x-forwarded-client-cert"),
    CLIENT_CERT("client-cert"),
    CLIENT_CERT_CHAIN("client-cert-chain"),
    COOKIE("cookie"),
    SET_COOKIE("set-cookie"),
    AUTHORIZATION("authorization"),
    USER_AGENT("user-agent"),
    REFERER("referer"),
    DATE("date"),
    SERVER("server"),
    CONTENT_TYPE("content-type"),
    TRACEPARENT("traceparent"),
    TURNOUT_MIRROR("turnout-mirror");

    private static final int TABLE = 256;
    private static final @Nullable KnownField[] BY_HASH = new KnownField[TABLE];

    static {
        for (KnownField field : values()) {
            int slot = hash(field.octets, 0, field.octets.length);
            while (BY_HASH[slot] != null) {
                slot = (slot + 1) & (TABLE - 1);
            }
            BY_HASH[slot] = field;
        }
    }

    private final String text;
    private final byte[] octets;
    private final long bit;

    KnownField(String text) {
        this.text = text;
        this.octets = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        this.bit = 1L << ordinal();
    }

    /** The name in lower case. */
    public String text() {
        return text;
    }

    /** This field's bit in a presence mask. */
    public long bit() {
        return bit;
    }

    /** The field of this name in whatever letter case, or null when it is none we know. */
    static @Nullable KnownField of(byte[] bytes, int start, int end) {
        if (end == start) {
            return null;
        }
        int slot = hash(bytes, start, end);
        KnownField candidate = BY_HASH[slot];
        while (candidate != null) {
            if (Octets.equalsIgnoreCase(bytes, start, end, candidate.octets, 0, candidate.octets.length)) {
                return candidate;
            }
            slot = (slot + 1) & (TABLE - 1);
            candidate = BY_HASH[slot];
        }
        return null;
    }

    /** Whether the name would be one of these if its underscores were hyphens. */
    static boolean isImitated(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == '_') {
                byte[] hyphens = java.util.Arrays.copyOfRange(bytes, start, end);
                for (int at = 0; at < hyphens.length; at++) {
                    hyphens[at] = hyphens[at] == '_' ? (byte) '-' : hyphens[at];
                }
                return of(hyphens, 0, hyphens.length) != null;
            }
        }
        return false;
    }

    private static int hash(byte[] bytes, int start, int end) {
        int length = end - start;
        int first = bytes[start] | 0x20;
        int middle = bytes[start + (length >> 1)] | 0x20;
        int last = bytes[end - 1] | 0x20;
        return (length * 7 + first * 31 + middle * 131 + last * 13) & (TABLE - 1);
    }
}
