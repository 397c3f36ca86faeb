package io.turnout.bench.wire;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLException;

/**
 * TLS 1.3 as the generator speaks it: BoringSSL, any certificate accepted, for what is measured is the other side.
 * Confined to the loop.
 */
public final class TlsClient implements AutoCloseable {
    private final SslContext context;
    private final Sessions sessions;

    /** Whether a connection begins with what is left of an earlier one. */
    public enum Sessions {
        /** Every handshake is a full one. */
        NEW,
        /** Tickets are kept and shown. */
        RESUMED
    }

    /** A client for connections of a dialect that has TLS. */
    public TlsClient(Dialect dialect, Sessions sessions) {
        this.sessions = sessions;
        try {
            context = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.OPENSSL_REFCNT)
                    .protocols("TLSv1.3")
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            dialect.isH2() ? "h2" : "http/1.1"))
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS cannot be set up", e);
        }
    }

    /** A handler for one connection. */
    public SslHandler newHandler(ByteBufAllocator allocator, InetSocketAddress target) {
        // Only of a peer that has a name are sessions kept.
        return sessions == Sessions.RESUMED
                ? context.newHandler(allocator, target.getHostString(), target.getPort())
                : context.newHandler(allocator);
    }

    /** Whether a handshake that is done went on with an earlier session. */
    public static boolean isResumed(SslHandler handler) {
        return handler.engine() instanceof ReferenceCountedOpenSslEngine open && SSL.isSessionReused(open.sslPointer());
    }

    @Override
    public void close() {
        ReferenceCountUtil.release(context);
    }
}
