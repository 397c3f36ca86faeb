package io.turnout.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards clients, of a listener or of the admin address.
 *
 * @param certificates at least one; which one is shown is decided by the name that the client asks for
 * @param clientCa PEM file of authorities that client certificates must chain to, or null when none are asked for
 * @param clientAuth whether a client must show one; without meaning when {@code clientCa} is null
 * @param clientHeader how the backend is told of a verified client
 * @param handshakeTimeout from the first octet of a connection, or its acceptance, to the end of the handshake
 * @param handshakes that may be under way at a time
 */
public record TlsConfig(
        List<Certificate> certificates,
        @Nullable String clientCa,
        ClientAuth clientAuth,
        ClientHeader clientHeader,
        TlsVersion minVersion,
        SniMismatch sniMismatch,
        Duration handshakeTimeout,
        int handshakes) {
    public TlsConfig {
        certificates = List.copyOf(certificates);
        Require.atLeast("number of certificates", certificates.size(), 1);
        Require.positive("handshakeTimeout", handshakeTimeout);
        Require.atLeast("handshakes", handshakes, 1);
    }

    /**
     * A certificate chain with its key.
     *
     * @param certificate PEM file of the chain, leaf first
     * @param key PEM file of the private key
     * @param ocspResponse DER file of an OCSP answer to be stapled, or null
     */
    public record Certificate(
            String certificate, String key, @Nullable String ocspResponse) {
        public Certificate {
            Require.text("certificate", certificate);
            Require.text("key", key);
        }
    }

    /** Whether a client must show a certificate. */
    public enum ClientAuth {
        REQUIRED,
        /** A client may show none, but not a bad one. */
        OPTIONAL
    }

    /** How the backend is told of a verified client. */
    public enum ClientHeader {
        /** {@code X-Forwarded-Client-Cert}: fingerprint, subject and names. */
        X_FORWARDED_CLIENT_CERT,
        /** {@code Client-Cert} of RFC 9440: the certificate itself. */
        CLIENT_CERT,
        OFF
    }

    /** What becomes of a request for a host for which the connection was not opened. */
    public enum SniMismatch {
        /** 421, unless the certificate that was shown stands for the host as well. */
        REFUSE,
        ALLOW
    }
}
