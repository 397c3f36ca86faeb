package io.turnout.testing;

import io.netty.pkitesting.X509Bundle;
import io.turnout.config.ListenerConfig;
import io.turnout.config.PoolConfig;
import io.turnout.config.TlsConfig;
import io.turnout.config.TlsVersion;
import io.turnout.config.TurnoutConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * What the fixtures of a test speak through: plain TCP, or TLS on both sides of the proxy, so that tests of behaviour
 * are written once. Chosen for the test's thread, on which fixtures are made.
 */
public final class Wire {
    private static final String NAME = "example.test";
    private static final ThreadLocal<@Nullable Wire> CURRENT = new ThreadLocal<>();

    private final Path folder;
    private final SSLContext client;
    private final SSLContext server;

    private Wire(Path folder) {
        this.folder = folder;
        TestCertificates certificates = new TestCertificates(folder);
        X509Bundle own = certificates.issue("both", NAME);
        client = certificates.context(null);
        server = certificates.context(own);
    }

    /** From now on, fixtures that this thread makes speak TLS; proxies are put between as they are configured. */
    public static void useTls() {
        try {
            CURRENT.set(new Wire(Files.createTempDirectory("wire")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on, they speak plain TCP again. */
    public static void usePlain() {
        CURRENT.remove();
    }

    static @Nullable Wire current() {
        return CURRENT.get();
    }

    Socket connected(Socket plain) throws IOException {
        return TestCertificates.handshake(client, plain, NAME);
    }

    /** The handshake happens with the first read or write, on the connection's own thread. */
    Socket accepted(Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) server.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        socket.setUseClientMode(false);
        return socket;
    }

    /** The same configuration with TLS on every listener and pool. */
    TurnoutConfig dressed(TurnoutConfig config) {
        Map<String, PoolConfig> pools = new LinkedHashMap<>();
        config.pools().forEach((name, pool) -> pools.put(name, dressed(pool)));
        return new TurnoutConfig(
                config.listeners().stream().map(this::dressed).toList(),
                config.admin(),
                pools,
                config.routes(),
                config.accessLog(),
                config.state(),
                config.workers(),
                config.transport(),
                config.webhooks(),
                config.overload());
    }

    private ListenerConfig dressed(ListenerConfig plain) {
        TlsConfig tls = new TlsConfig(
                List.of(new TlsConfig.Certificate(file("both.pem"), file("both.key"), null)),
                null,
                TlsConfig.ClientAuth.REQUIRED,
                TlsConfig.ClientHeader.OFF,
                TlsVersion.TLS_1_2,
                TlsConfig.SniMismatch.ALLOW,
                Duration.ofSeconds(10),
                1000);
        return new ListenerConfig(
                plain.name(),
                plain.address(),
                tls,
                plain.proxyProtocol(),
                plain.trustedProxies(),
                plain.timeouts(),
                plain.paths(),
                plain.limits());
    }

    private PoolConfig dressed(PoolConfig plain) {
        PoolConfig.Tls tls =
                new PoolConfig.Tls(file("ca.pem"), NAME, PoolConfig.Tls.Verify.FULL, null, null, TlsVersion.TLS_1_2);
        return new PoolConfig(
                plain.endpoints(),
                plain.balance(),
                plain.protocol(),
                plain.proxyProtocol(),
                tls,
                plain.healthCheck(),
                plain.outlier(),
                plain.panicThresholdPpm(),
                plain.slowStart(),
                plain.timeouts(),
                plain.limits());
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }
}
