package io.turnout.snapshot;

import io.turnout.config.ListenerConfig;
import io.turnout.config.PoolConfig;
import io.turnout.config.TlsConfig;
import io.turnout.config.TlsVersion;
import io.turnout.config.TurnoutConfig;
import io.turnout.tls.Alpn;
import io.turnout.tls.CertificateSpec;
import io.turnout.tls.ClientTls;
import io.turnout.tls.ClientTlsSpec;
import io.turnout.tls.OldestVersion;
import io.turnout.tls.ServerTlsSpec;
import io.turnout.tls.ServerTlsSpec.ClientAuthentication;
import io.turnout.tls.TlsHandles;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what the configuration says about TLS into what is followed and shown. Immutable. */
public final class TlsCompiler {
    private final TlsHandles handles;

    TlsCompiler(TlsHandles handles) {
        this.handles = handles;
    }

    @Nullable
    ListenerTls listener(ListenerConfig listener) {
        TlsConfig tls = listener.tls();
        if (tls == null) {
            return null;
        }
        return new ListenerTls(
                handles.server(spec("listener " + listener.name(), tls)),
                tls.handshakeTimeout().toNanos(),
                tls.handshakes(),
                tls.sniMismatch() == TlsConfig.SniMismatch.REFUSE
                        ? ListenerTls.Misdirected.REFUSED
                        : ListenerTls.Misdirected.ALLOWED,
                switch (tls.clientHeader()) {
                    case X_FORWARDED_CLIENT_CERT -> ListenerTls.ClientField.X_FORWARDED_CLIENT_CERT;
                    case CLIENT_CERT -> ListenerTls.ClientField.CLIENT_CERT;
                    case OFF -> ListenerTls.ClientField.NONE;
                });
    }

    @Nullable
    ClientTls pool(String name, PoolConfig pool) {
        PoolConfig.Tls tls = pool.tls();
        return tls == null ? null : handles.client(spec(name, pool, tls));
    }

    /** What the admin listener shows; null for plain text. */
    public static @Nullable ServerTlsSpec admin(TurnoutConfig config) {
        TlsConfig tls = config.admin().tls();
        return tls == null ? null : spec("admin", tls, List.of(Alpn.HTTP_1_1));
    }

    private static ServerTlsSpec spec(String owner, TlsConfig tls) {
        return spec(owner, tls, Alpn.TO_CLIENTS);
    }

    private static ServerTlsSpec spec(String owner, TlsConfig tls, List<String> alpn) {
        ClientAuthentication required = tls.clientAuth() == TlsConfig.ClientAuth.REQUIRED
                ? ClientAuthentication.REQUIRED
                : ClientAuthentication.OPTIONAL;
        return new ServerTlsSpec(
                owner,
                tls.certificates().stream()
                        .map(c -> new CertificateSpec(c.certificate(), c.key(), c.ocspResponse()))
                        .toList(),
                tls.clientCa(),
                tls.clientCa() == null ? ClientAuthentication.NONE : required,
                oldest(tls.minVersion()),
                alpn);
    }

    private static ClientTlsSpec spec(String name, PoolConfig pool, PoolConfig.Tls tls) {
        return new ClientTlsSpec(
                "pool " + name,
                tls.ca(),
                tls.serverName(),
                tls.certificate(),
                tls.key(),
                switch (tls.verify()) {
                    case FULL -> ClientTlsSpec.Verification.FULL;
                    case CHAIN -> ClientTlsSpec.Verification.CHAIN;
                    case NONE -> ClientTlsSpec.Verification.NONE;
                },
                oldest(tls.minVersion()),
                List.of(pool.protocol() == PoolConfig.Protocol.H2 ? Alpn.H2 : Alpn.HTTP_1_1));
    }

    private static OldestVersion oldest(TlsVersion version) {
        return switch (version) {
            case TLS_1_2 -> OldestVersion.TLS_1_2;
            case TLS_1_3 -> OldestVersion.TLS_1_3;
        };
    }

    /** Every spec a configuration comes to, so that what is made of others can be forgotten. */
    public static List<Object> specs(TurnoutConfig config) {
        List<Object> specs = new ArrayList<>();
        ServerTlsSpec admin = admin(config);
        if (admin != null) {
            specs.add(admin);
        }
        for (ListenerConfig listener : config.listeners()) {
            if (listener.tls() != null) {
                specs.add(spec("listener " + listener.name(), listener.tls()));
            }
        }
        config.pools().forEach((name, pool) -> {
            if (pool.tls() != null) {
                specs.add(spec(name, pool, pool.tls()));
            }
        });
        return specs;
    }
}
