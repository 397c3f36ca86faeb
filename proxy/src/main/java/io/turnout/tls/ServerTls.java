package io.turnout.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards clients: what is shown now, and the files it comes from.
 *
 * <p>Safe for any thread: what is shown is one volatile field, and it is changed under a lock by those who follow the
 * files. A connection keeps what it began with.
 */
public final class ServerTls implements Followed {
    private final ServerTlsSpec spec;
    private final TlsProvider provider;
    private volatile @Nullable ServerCertificates current;
    private @Nullable TicketKeys tickets;
    private List<X509Certificate> authorities = List.of();

    ServerTls(ServerTlsSpec spec, TlsProvider provider) {
        this.spec = spec;
        this.provider = provider;
    }

    /** One that shows nothing, for worlds that are only compiled to be looked at. */
    public static ServerTls unloaded(ServerTlsSpec spec) {
        return new ServerTls(spec, TlsProvider.JDK);
    }

    /** What is wanted. */
    public ServerTlsSpec spec() {
        return spec;
    }

    /** What is shown to new connections; null when the files have never been good. */
    public @Nullable ServerCertificates current() {
        return current;
    }

    @Override
    public String owner() {
        return spec.owner();
    }

    @Override
    public List<String> files() {
        List<String> files = new ArrayList<>();
        for (CertificateSpec certificate : spec.certificates()) {
            files.add(certificate.chain());
            files.add(certificate.key());
            if (certificate.ocspResponse() != null) {
                files.add(certificate.ocspResponse());
            }
        }
        if (spec.clientCa() != null) {
            files.add(spec.clientCa());
        }
        return files;
    }

    @Override
    public synchronized void load(Instant now, long nowNanos) throws TlsFileException {
        List<X509Certificate> trusted = spec.clientCa() == null ? List.of() : PemFile.certificates(spec.clientCa());
        // A certificate in use may expire; one that replaces it must not have. The first ones were checked by who
        // asked.
        Certificate.Validity validity = current == null ? Certificate.Validity.IGNORED : Certificate.Validity.REQUIRED;
        List<Certificate> read = new ArrayList<>();
        for (CertificateSpec files : spec.certificates()) {
            read.add(Certificate.read(files, validity, now));
        }
        if (tickets == null || !trusted.equals(authorities)) {
            // A ticket stands for a client that was verified: by other authorities means by none.
            tickets = new TicketKeys(nowNanos);
        }
        List<ServerCertificate> made = new ArrayList<>();
        for (Certificate certificate : read) {
            made.add(new ServerCertificate(certificate, context(certificate, trusted)));
        }
        for (ServerCertificate certificate : made) {
            tickets.applyTo(certificate.context());
        }
        authorities = trusted;
        current = new ServerCertificates(made);
    }

    @Override
    public synchronized void onTick(long nowNanos) {
        TicketKeys keys = tickets;
        ServerCertificates shown = current;
        if (keys != null && shown != null && keys.isDue(nowNanos)) {
            keys.turn(nowNanos);
            shown.all().forEach(certificate -> keys.applyTo(certificate.context()));
        }
    }

    private SslContext context(Certificate certificate, List<X509Certificate> trusted) throws TlsFileException {
        SslContextBuilder builder = SslContextBuilder.forServer(certificate.key(), certificate.chain())
                .sslProvider(provider.provider())
                .protocols(spec.oldest().protocols())
                .ciphers(Ciphers.ALL, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(alpn(spec.alpn()))
                .sessionTimeout(TicketKeys.SESSION_SECONDS)
                .enableOcsp(provider.isNative() && certificate.ocspResponse() != null)
                .clientAuth(
                        switch (spec.clientAuthentication()) {
                            case NONE -> ClientAuth.NONE;
                            case OPTIONAL -> ClientAuth.OPTIONAL;
                            case REQUIRED -> ClientAuth.REQUIRE;
                        });
        if (!trusted.isEmpty()) {
            builder.trustManager(trusted);
        }
        try {
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsFileException(
                    spec.certificates().get(0).chain(),
                    "a certificate that cannot be used (" + e.getMessage() + ")",
                    "a certificate for a server");
        }
    }

    /** Goes on without a protocol where none is common; a client that then could not be served is refused before. */
    static ApplicationProtocolConfig alpn(List<String> protocols) {
        return new ApplicationProtocolConfig(
                Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, protocols);
    }
}
