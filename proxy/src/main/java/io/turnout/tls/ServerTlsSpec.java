package io.turnout.tls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards clients, as it is wanted. Immutable; equal specs share what is made of them.
 *
 * @param owner whose it is, for people: {@code listener web}
 * @param certificates at least one; the first is shown where none suits
 * @param clientCa PEM file of the authorities of client certificates, or null when none are asked for
 * @param alpn protocols to be offered, the preferred one first
 */
public record ServerTlsSpec(
        String owner,
        List<CertificateSpec> certificates,
        @Nullable String clientCa,
        ClientAuthentication clientAuthentication,
        OldestVersion oldest,
        List<String> alpn) {
    public ServerTlsSpec {
        certificates = List.copyOf(certificates);
        alpn = List.copyOf(alpn);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("no certificate");
        }
    }

    /** Whether a client must show a certificate. */
    public enum ClientAuthentication {
        /** None is asked for. */
        NONE,
        /** One is asked for; a client may have none, but not a bad one. */
        OPTIONAL,
        /** Without one there is no connection. */
        REQUIRED
    }
}
