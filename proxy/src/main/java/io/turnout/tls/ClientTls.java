package io.turnout.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards the endpoints of a pool: what is trusted and shown now, and the files it comes from.
 *
 * <p>Safe for any thread: what is used is one volatile field. Connections that are open keep what they began with.
 */
public final class ClientTls implements Followed {
    private static final Cleaner CLEANER = Cleaner.create();

    private final ClientTlsSpec spec;
    private final TlsProvider provider;
    private volatile @Nullable Loaded current;

    private static final long REPORT_NANOS = 10_000_000_000L;

    private final LongAdder full = new LongAdder();
    private final LongAdder resumed = new LongAdder();
    private final LongAdder certificateFailures = new LongAdder();
    private final LongAdder otherFailures = new LongAdder();
    private final AtomicLong reportedNanos = new AtomicLong(System.nanoTime() - REPORT_NANOS);

    /** Keeps native memory until nobody can reach it. */
    private static final class Loaded {
        final SslContext context;

        Loaded(SslContext context) {
            this.context = context;
            CLEANER.register(this, () -> ReferenceCountUtil.release(context));
        }
    }

    ClientTls(ClientTlsSpec spec, TlsProvider provider) {
        this.spec = spec;
        this.provider = provider;
    }

    /** One that opens nothing, for worlds that are only compiled to be looked at. */
    public static ClientTls unloaded(ClientTlsSpec spec) {
        return new ClientTls(spec, TlsProvider.JDK);
    }

    /** What is wanted. */
    public ClientTlsSpec spec() {
        return spec;
    }

    /**
     * A handler for one connection; null when the files have never been good. Then there is no connection: never a
     * plain one instead.
     *
     * @param host of the endpoint as configured, verified unless another name is wanted
     */
    public @Nullable SslHandler newHandler(ByteBufAllocator allocator, String host, int port) {
        Loaded loaded = current;
        if (loaded == null) {
            return null;
        }
        String name = spec.serverName() == null ? host : spec.serverName();
        // The port belongs to the key by which sessions are resumed, and endpoints do not share sessions.
        try {
            SslHandler handler = loaded.context.newHandler(allocator, name, port);
            handler.setHandshakeTimeoutMillis(0);
            return handler;
        } finally {
            Reference.reachabilityFence(loaded);
        }
    }

    /** Whether what ALPN has chosen is what is wanted; a peer that chose nothing speaks HTTP/1.1. */
    public boolean isAgreed(SslHandler handler) {
        return spec.alpn().contains(Alpn.HTTP_1_1)
                || spec.alpn().contains(String.valueOf(handler.applicationProtocol()));
    }

    /** A handshake is done. */
    public void onHandshake(SslHandler handler) {
        boolean again = handler.engine() instanceof ReferenceCountedOpenSslEngine open
                && SSL.isSessionReused(open.sslPointer());
        (again ? resumed : full).increment();
    }

    /** A handshake has failed, for the endpoint's certificate or for another reason. */
    public void onFailure(boolean forCertificate) {
        (forCertificate ? certificateFailures : otherFailures).increment();
    }

    /** Whether a failure may be said again: every ten seconds for a pool. */
    public boolean mayReport(long nowNanos) {
        long last = reportedNanos.get();
        return nowNanos - last >= REPORT_NANOS && reportedNanos.compareAndSet(last, nowNanos);
    }

    /** What has been counted so far. */
    public Counts counts() {
        return new Counts(full.sum(), resumed.sum(), certificateFailures.sum(), otherFailures.sum());
    }

    /**
     * Handshakes with the endpoints of a pool.
     *
     * @param full that began a session
     * @param resumed that resumed one
     * @param certificateFailures that failed for the endpoint's certificate
     * @param otherFailures that failed for another reason
     */
    public record Counts(long full, long resumed, long certificateFailures, long otherFailures) {}

    @Override
    public String owner() {
        return spec.owner();
    }

    @Override
    public List<String> files() {
        List<String> files = new ArrayList<>();
        for (String file : new String[] {spec.ca(), spec.certificate(), spec.key()}) {
            if (file != null) {
                files.add(file);
            }
        }
        return files;
    }

    @Override
    public synchronized void load(Instant now, long nowNanos) throws TlsFileException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(provider.provider())
                .protocols(spec.oldest().protocols())
                .ciphers(Ciphers.ALL, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(ServerTls.alpn(spec.alpn()))
                .endpointIdentificationAlgorithm(
                        spec.verification() == ClientTlsSpec.Verification.FULL ? "HTTPS" : null);
        if (spec.verification() == ClientTlsSpec.Verification.NONE) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        } else if (spec.ca() != null) {
            builder.trustManager(PemFile.certificates(spec.ca()));
        }
        if (spec.certificate() != null && spec.key() != null) {
            CertificateSpec files = new CertificateSpec(spec.certificate(), spec.key(), null);
            Certificate own = Certificate.read(
                    files, current == null ? Certificate.Validity.IGNORED : Certificate.Validity.REQUIRED, now);
            builder.keyManager(own.key(), own.chain());
        }
        try {
            current = new Loaded(builder.build());
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsFileException(
                    spec.owner(), "settings that cannot be used (" + e.getMessage() + ")", "certificates that can");
        }
    }

    @Override
    public void onTick(long nowNanos) {}
}
