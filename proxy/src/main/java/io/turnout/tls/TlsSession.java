package io.turnout.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What a finished handshake with a client has settled. Immutable.
 *
 * @param version {@code TLSv1.3} and so on
 * @param cipher by its name in the standards
 * @param protocol chosen by ALPN, {@link Alpn#HTTP_1_1} when nothing was
 * @param serverName that the client asked for, in lower case, or null
 * @param opening whether it began a session or resumed one; of the JDK's sessions that is not known
 * @param shown our certificate
 * @param client verified, or null when none was shown
 */
public record TlsSession(
        String version,
        String cipher,
        String protocol,
        @Nullable String serverName,
        Opening opening,
        ServerCertificate shown,
        @Nullable ClientIdentity client) {
    /** How a session came about. */
    public enum Opening {
        FULL,
        RESUMED
    }

    /** Reads off a handler what its handshake has settled. */
    public static TlsSession of(SslHandler handler, @Nullable String serverName, ServerCertificate shown) {
        SSLEngine engine = handler.engine();
        SSLSession session = engine.getSession();
        String chosen = handler.applicationProtocol();
        return new TlsSession(
                session.getProtocol(),
                session.getCipherSuite(),
                chosen == null || chosen.isEmpty() ? Alpn.HTTP_1_1 : chosen,
                serverName == null ? null : withoutDot(serverName.toLowerCase(Locale.ROOT)),
                isResumed(engine) ? Opening.RESUMED : Opening.FULL,
                shown,
                client(session));
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static boolean isResumed(SSLEngine engine) {
        return engine instanceof ReferenceCountedOpenSslEngine open && SSL.isSessionReused(open.sslPointer());
    }

    private static @Nullable ClientIdentity client(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate leaf ? ClientIdentity.of(leaf) : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    /**
     * Whether the connection was opened for another host than this one, and our certificate does not stand for it
     * either (RFC 9110 section 7.4). A client that named no host in the handshake may ask for any.
     *
     * @param host in lower case, without port; empty for none
     */
    public boolean isMisdirected(CharSequence host) {
        return serverName != null && host.length() > 0 && !serverName.contentEquals(host) && !shown.covers(host);
    }
}
