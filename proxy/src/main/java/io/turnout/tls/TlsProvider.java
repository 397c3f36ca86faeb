package io.turnout.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/**
 * Who does the cryptography of TLS. Immutable.
 *
 * @param name {@code boringssl} or {@code jdk}
 * @param why why this one, in words for the log
 * @param provider the same for the library
 */
public record TlsProvider(String name, String why, SslProvider provider) {
    /** The JDK: everywhere, at about twice the processor time per handshake, without stapling. */
    public static final TlsProvider JDK = new TlsProvider("jdk", "configured", SslProvider.JDK);

    /** BoringSSL where its native library loads, else the JDK. Loads it the first time, which takes a while. */
    public static TlsProvider best() {
        if (OpenSsl.isAvailable()) {
            // Counted references free native memory when a connection ends; without them that would wait for
            // finalizers.
            return new TlsProvider("boringssl", "the native library loads", SslProvider.OPENSSL_REFCNT);
        }
        Throwable cause = OpenSsl.unavailabilityCause();
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return new TlsProvider("jdk", "BoringSSL does not load: " + cause.getMessage(), SslProvider.JDK);
    }

    boolean isNative() {
        return provider != SslProvider.JDK;
    }
}
