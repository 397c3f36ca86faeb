package io.turnout.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards clients, of a listener or of the admin address.
 *
 * @param certificates at least one; which one is shown is decided by the name that the client asks for
 * @param clientCa PEM file of authorities that client certificates must chain to, or null when none are asked for
 */
public record TlsConfig(
        List<Certificate> certificates, @Nullable String clientCa) {
    public TlsConfig {
        certificates = List.copyOf(certificates);
        Require.atLeast("number of certificates", certificates.size(), 1);
    }

    /**
     * A certificate chain with its key.
     *
     * @param certificate PEM file of the chain, leaf first
     * @param key PEM file of the private key
     */
    public record Certificate(String certificate, String key) {
        public Certificate {
            Require.text("certificate", certificate);
            Require.text("key", key);
        }
    }
}
