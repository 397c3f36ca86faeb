package io.turnout.tls;

import org.jspecify.annotations.Nullable;

/**
 * Where a certificate is kept. Immutable.
 *
 * @param chain PEM file of the chain, leaf first
 * @param key PEM file of the leaf's private key
 * @param ocspResponse DER file of an OCSP answer to be stapled, or null
 */
public record CertificateSpec(
        String chain, String key, @Nullable String ocspResponse) {}
