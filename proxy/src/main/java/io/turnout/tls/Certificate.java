package io.turnout.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with its chain and key, as read from files and checked. Immutable.
 *
 * @param ocspResponse to be stapled, or null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Certificate(
        List<X509Certificate> chain, PrivateKey key, CertificateNames names, byte @Nullable [] ocspResponse) {
    /** Whether a certificate that is not valid now will do. */
    enum Validity {
        REQUIRED,
        IGNORED
    }

    static Certificate read(CertificateSpec files, Validity validity, Instant now) throws TlsFileException {
        List<X509Certificate> chain = PemFile.certificates(files.chain());
        X509Certificate leaf = chain.get(0);
        PrivateKey key = PemFile.key(files.key());
        if (!PrivateKeys.belongTogether(key, leaf.getPublicKey())) {
            throw new TlsFileException(
                    files.key(), "a key that does not belong to the certificate", "the key of " + files.chain());
        }
        if (validity == Validity.REQUIRED) {
            requireValid(files.chain(), leaf, now);
        }
        byte[] ocsp = files.ocspResponse() == null ? null : PemFile.bytes(files.ocspResponse());
        return new Certificate(chain, key, CertificateNames.of(leaf), ocsp);
    }

    private static void requireValid(String file, X509Certificate leaf, Instant now) throws TlsFileException {
        Instant from = leaf.getNotBefore().toInstant();
        Instant to = leaf.getNotAfter().toInstant();
        if (now.isAfter(to)) {
            throw new TlsFileException(
                    TlsFileException.Kind.NOT_NOW, file, "a certificate that expired at " + to, "one that is valid");
        }
        if (now.isBefore(from)) {
            throw new TlsFileException(
                    TlsFileException.Kind.NOT_NOW,
                    file,
                    "a certificate that is valid from " + from,
                    "one that is valid");
        }
    }

    X509Certificate leaf() {
        return chain.get(0);
    }
}
