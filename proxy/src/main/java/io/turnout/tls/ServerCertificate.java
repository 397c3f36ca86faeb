package io.turnout.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A certificate ready to be shown. Safe for any thread: immutable, and the library's context is.
 *
 * <p>The context holds native memory. It is freed when nobody can reach this object any more, so that a connection that
 * has just read it from a world that is being replaced never finds it gone.
 */
public final class ServerCertificate {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Certificate certificate;
    private final SslContext context;

    ServerCertificate(Certificate certificate, SslContext context) {
        this.certificate = certificate;
        this.context = context;
        CLEANER.register(this, () -> ReferenceCountUtil.release(context));
    }

    /** A handler for one connection, with a handshake of its own to come and no limit on its time. */
    public SslHandler newHandler(ByteBufAllocator allocator) {
        try {
            SslHandler handler = context.newHandler(allocator);
            handler.setHandshakeTimeoutMillis(0);
            byte @Nullable [] ocsp = certificate.ocspResponse();
            if (ocsp != null && handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
                engine.setOcspResponse(ocsp);
            }
            return handler;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Whether it stands for this host, given in lower case and without port. */
    public boolean covers(CharSequence host) {
        return certificate.names().cover(host);
    }

    /** The names it stands for. */
    public CertificateNames names() {
        return certificate.names();
    }

    /** The last moment of its validity. */
    public Instant notAfter() {
        return certificate.leaf().getNotAfter().toInstant();
    }

    /** Its serial number in hexadecimal digits. */
    public String serial() {
        return HexFormat.of().formatHex(certificate.leaf().getSerialNumber().toByteArray());
    }

    SslContext context() {
        return context;
    }
}
