package io.turnout.bench.wire;

/** What is spoken on a connection. */
public enum Dialect {
    /** HTTP/1.1 in plain text. */
    H1,
    /** HTTP/1.1 over TLS. */
    H1_TLS,
    /** HTTP/2 in plain text, with prior knowledge (RFC 9113 section 3.3). */
    H2C,
    /** HTTP/2 over TLS, agreed on by ALPN. */
    H2_TLS;

    /** Whether there is TLS below. */
    public boolean isTls() {
        return this == H1_TLS || this == H2_TLS;
    }

    /** Whether it is HTTP/2. */
    public boolean isH2() {
        return this == H2C || this == H2_TLS;
    }
}
