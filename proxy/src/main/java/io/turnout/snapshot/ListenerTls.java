package io.turnout.snapshot;

import io.turnout.tls.ServerTls;

/**
 * TLS of a listener. Immutable but for what the files behind it say.
 *
 * @param tls what is shown
 * @param handshakeNanos how long a handshake may take
 * @param handshakes how many may be under way at a time, all loops together
 * @param misdirected what becomes of a request for a host the connection was not opened for
 * @param clientField how the backend is told of a verified client
 */
public record ListenerTls(
        ServerTls tls, long handshakeNanos, int handshakes, Misdirected misdirected, ClientField clientField) {
    /** What becomes of a request for a host the connection was not opened for. */
    public enum Misdirected {
        REFUSED,
        ALLOWED
    }

    /** The field in which the backend is told of a verified client. */
    public enum ClientField {
        X_FORWARDED_CLIENT_CERT,
        CLIENT_CERT,
        NONE
    }
}
