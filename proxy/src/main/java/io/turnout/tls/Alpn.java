package io.turnout.tls;

import java.util.List;

/** Protocols by their names in ALPN (RFC 7301). */
public final class Alpn {
    /** HTTP/1.1, and what is spoken with a peer that does not say what it wants. */
    public static final String HTTP_1_1 = "http/1.1";

    /** HTTP/2 over TLS. */
    public static final String H2 = "h2";

    /** What clients are offered, the preferred one first: exactly what a listener can install. */
    public static final List<String> TO_CLIENTS = List.of(H2, HTTP_1_1);

    private Alpn() {}
}
