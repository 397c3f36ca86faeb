package io.turnout.tls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards the endpoints of a pool, as it is wanted. Immutable; equal specs share what is made of them.
 *
 * @param owner whose it is, for people: {@code pool blue}
 * @param ca PEM file of trusted authorities, or null for the platform's
 * @param serverName name sent and verified, or null for the endpoint's host
 * @param certificate PEM file of our own chain, or null
 * @param key PEM file of its key; null exactly when {@code certificate} is
 * @param alpn protocols to be offered, the preferred one first
 */
public record ClientTlsSpec(
        String owner,
        @Nullable String ca,
        @Nullable String serverName,
        @Nullable String certificate,
        @Nullable String key,
        Verification verification,
        OldestVersion oldest,
        List<String> alpn) {
    public ClientTlsSpec {
        alpn = List.copyOf(alpn);
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("certificate and key need each other");
        }
    }

    /** What of an endpoint's certificate is verified. */
    public enum Verification {
        /** Its chain, its validity and its name. */
        FULL,
        /** Its chain and its validity. */
        CHAIN,
        /** Nothing: whoever answers is believed. */
        NONE
    }
}
