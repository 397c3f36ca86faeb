package io.turnout.tls;

import java.time.Instant;

/** Looks at files that are named in a configuration, before anything is made of them. Stateless; blocks. */
public final class TlsFileCheck {
    private TlsFileCheck() {}

    /** @throws TlsFileException if certificate and key cannot be shown now */
    public static void pair(String chain, String key, Instant now) throws TlsFileException {
        Certificate.read(new CertificateSpec(chain, key, null), Certificate.Validity.REQUIRED, now);
    }

    /** @throws TlsFileException if these are not authorities */
    public static void authorities(String file) throws TlsFileException {
        PemFile.certificates(file);
    }

    /** @throws TlsFileException if the file cannot be read */
    public static void readable(String file) throws TlsFileException {
        PemFile.bytes(file);
    }
}
