package io.turnout.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.pkitesting.X509Bundle;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.H2Client;
import io.turnout.testing.Patience;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawClient.Answer;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestCertificates;
import io.turnout.testing.TestProxy;
import io.turnout.tls.TlsProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS towards clients: what is shown to whom, what is verified, and what happens to connections meanwhile. */
class TlsListenerTest {
    @TempDir
    private Path folder;

    private TestCertificates certificates;

    @BeforeEach
    void issue() {
        certificates = new TestCertificates(folder);
        certificates.issue("shop", "shop.test", "www.shop.test");
        certificates.issue("wild", "*.wild.test");
    }

    private static java.util.List<TlsProvider> providers() {
        TlsProvider best = TlsProvider.best();
        assertThat(best.name()).as(best.why()).isEqualTo("boringssl");
        return java.util.List.of(best, TlsProvider.JDK);
    }

    private String yaml(int backend, String moreTls) {
        return yaml(backend, moreTls, "all: 1", "");
    }

    private String yaml(int backend, String moreTls, String weights, String moreRoute) {
        return "listeners: [{name: web, address: 127.0.0.1:0, tls: {certificates: [" + certificates.yaml("shop") + ", "
                + certificates.yaml("wild") + "]" + moreTls + "}}]\n"
                + "accessLog: {format: json}\n"
                + "pools: {all: [127.0.0.1:" + backend + "], other: [127.0.0.1:" + backend + "]}\n"
                + "routes: [{name: all, split: {" + weights + "}" + moreRoute + "}]\n";
    }

    private RawClient connect(TestProxy proxy, String serverName, String... protocols) {
        return RawClient.over(
                TestCertificates.connect(certificates.context(null), proxy.port(), serverName, protocols));
    }

    private static Answer get(RawClient client, String host) {
        return client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read();
    }

    private static String shown(SSLSocket socket) {
        try {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void showsTheCertificateOfTheNameThatIsAskedForAndTheFirstOtherwise(TlsProvider provider) throws IOException {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), ""), provider)) {
            SSLContext context = certificates.context(null);
            for (String[] wanted : new String[][] {
                {"shop.test", "CN=shop"},
                {"WWW.shop.test", "CN=shop"},
                {"a.wild.test", "CN=wild"},
                {"a.b.wild.test", "CN=shop"},
                {"other.test", "CN=shop"},
                {null, "CN=shop"}
            }) {
                try (SSLSocket socket = TestCertificates.connect(context, proxy.port(), wanted[0])) {
                    assertThat(shown(socket)).as("for %s", wanted[0]).isEqualTo(wanted[1]);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void servesRequestsAndTellsTheBackendAndTheAccessLog(String version) {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), ""));
                RawClient client = connect(proxy, "shop.test", version)) {
            for (int i = 0; i < 3; i++) {
                assertThat(get(client, "shop.test").text()).isEqualTo("hello");
            }
            assertThat(backend.heads().get(0)).contains("X-Forwarded-Proto: https\r\n");
            await().untilAsserted(() -> assertThat(proxy.accessRecords()).hasSize(3));
            assertThat(proxy.accessRecords().get(0).tls()).startsWith(version + " TLS_");
            Count counted = version.equals("TLSv1.2") ? Count.TLS_1_2_FULL : Count.TLS_1_3_FULL;
            assertThat(proxy.counted(counted)).isEqualTo(1);
        }
    }

    @Test
    void refusesVersionsOlderThanConfigured() {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), ", minVersion: 1.3"))) {
            assertThatThrownBy(() -> connect(proxy, "shop.test", "TLSv1.2")).isInstanceOf(UncheckedIOException.class);
            await().untilAsserted(
                            () -> assertThat(proxy.counted(Count.TLS_PROTOCOL)).isEqualTo(1));
            try (RawClient client = connect(proxy, "shop.test", "TLSv1.3")) {
                assertThat(get(client, "shop.test").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void answers421ToRequestsForHostsTheConnectionWasNotOpenedFor() {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), ""))) {
            try (RawClient client = connect(proxy, "shop.test")) {
                // Another name of the same certificate may share the connection (RFC 9113 section 9.1.1).
                assertThat(get(client, "www.shop.test").status()).isEqualTo(200);
                assertThat(get(client, "a.wild.test").status()).isEqualTo(421);
            }
            try (RawClient client = connect(proxy, "unknown.test")) {
                assertThat(get(client, "UNKNOWN.test:443").status()).isEqualTo(200);
            }
            assertThat(proxy.counted(Count.REFUSED_MISDIRECTED)).isEqualTo(1);
            assertThat(backend.heads()).hasSize(2);
        }
    }

    private SSLSocket offering(TestProxy proxy, String... offered) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        plain.setSoTimeout(Patience.LIMIT_MILLIS);
        return TestCertificates.handshake(certificates.context(null), plain, "shop.test", List.of(offered));
    }

    @Test
    void answers421ToHttp2StreamsForOtherHostsAndServesThoseBesideThem() throws IOException {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), ""));
                H2Client client = H2Client.over(offering(proxy, "h2"))) {
            client.headers(1, END, authority("a.wild.test")).headers(3, END, authority("www.shop.test"));
            assertThat(client.answer(1).status()).isEqualTo(421);
            assertThat(client.answer(3).status()).isEqualTo(200);
            assertThat(proxy.counted(Count.REFUSED_MISDIRECTED)).isEqualTo(1);
            assertThat(backend.heads()).hasSize(1);
        }
    }

    private static final int END = H2Client.END_HEADERS | H2Client.END_STREAM;

    private static String[] authority(String host) {
        return new String[] {":method", "GET", ":scheme", "https", ":path", "/", ":authority", host};
    }

    /** RFC 7301 section 3.2. */
    @ParameterizedTest
    @MethodSource("providers")
    void refusesClientsThatOfferOnlyWhatIsNotSpoken(TlsProvider provider) throws IOException {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), ""), provider)) {
            assertThatThrownBy(() -> offering(proxy, "spdy/3.1", "HTTP/1.1"))
                    .hasMessageContaining("no_application_protocol");
            await().untilAsserted(
                            () -> assertThat(proxy.counted(Count.TLS_PROTOCOL)).isEqualTo(1));
            try (SSLSocket socket = offering(proxy, "spdy/3.1", "http/1.1")) {
                assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
            }
            try (SSLSocket socket = offering(proxy)) {
                assertThat(get(RawClient.over(socket), "shop.test").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void resumesSessionsByTicket() {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), ""))) {
            for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
                SSLContext context = certificates.context(null);
                for (int i = 0; i < 3; i++) {
                    try (RawClient client =
                            RawClient.over(TestCertificates.connect(context, proxy.port(), "shop.test", version))) {
                        assertThat(get(client, "shop.test").status()).isEqualTo(200);
                    }
                }
            }
            assertThat(proxy.counted(Count.TLS_1_2_FULL)).isEqualTo(1);
            assertThat(proxy.counted(Count.TLS_1_2_RESUMED)).isEqualTo(2);
            assertThat(proxy.counted(Count.TLS_1_3_FULL)).isEqualTo(1);
            assertThat(proxy.counted(Count.TLS_1_3_RESUMED)).isEqualTo(2);
        }
    }

    @Test
    void takesNewCertificatesIntoUseAndKeepsOpenConnections() throws IOException {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), ""));
                RawClient open = connect(proxy, "shop.test")) {
            assertThat(get(open, "shop.test").status()).isEqualTo(200);
            certificates.issue("shop", "shop.test", "new.shop.test");
            proxy.tls().look();
            assertThat(get(open, "shop.test").status()).isEqualTo(200);
            try (RawClient fresh = connect(proxy, "shop.test")) {
                assertThat(get(fresh, "new.shop.test").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void keepsWhatIsInUseWhenNewFilesAreNoGood() {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), ""))) {
            X509Bundle other = certificates.issue("other", "shop.test");
            String[][] bad = {
                {"shop.key", other.getPrivateKeyPEM(), "does not belong"},
                {"shop.key", "nothing", "no private key"},
                {"shop.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "broken certificate"},
            };
            for (String[] change : bad) {
                certificates.write(change[0], change[1]);
                proxy.tls().look();
                proxy.tls().look();
                assertThat(proxy.tls().conditions().get(0).problem()).contains(change[2]);
                try (RawClient client = connect(proxy, "shop.test")) {
                    assertThat(get(client, "shop.test").status()).isEqualTo(200);
                }
            }
            certificates.issue("shop", Instant.now().minus(Duration.ofHours(1)), "shop.test");
            proxy.tls().look();
            assertThat(proxy.tls().conditions().get(0).problem()).contains("expired");
            certificates.issue("shop", "shop.test");
            proxy.tls().look();
            assertThat(proxy.tls().conditions().get(0).problem()).isNull();
            assertThat(proxy.tls().refused()).isEqualTo(bad.length);
        }
    }

    @Test
    void endsHandshakesThatTakeTooLongAndLetsOthersThrough() throws IOException {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), ", handshakeTimeout: 200ms"));
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            silent.setSoTimeout(Patience.LIMIT_MILLIS);
            try (RawClient client = connect(proxy, "shop.test")) {
                assertThat(get(client, "shop.test").status()).isEqualTo(200);
            }
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(proxy.counted(Count.TLS_TIMEOUT)).isEqualTo(1);
            await().untilAsserted(() ->
                    assertThat(proxy.counted(Count.CONNECTIONS_OPEN)).isZero());
        }
    }

    @Test
    void capsHandshakesUnderWay() throws IOException {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), ", handshakes: 1"));
                Socket stalling = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            stalling.getOutputStream().write(TlsBytes.hello());
            InputStream in = stalling.getInputStream();
            stalling.setSoTimeout(Patience.LIMIT_MILLIS);
            assertThat(in.read()).as("the server's hello").isEqualTo(TlsBytes.HANDSHAKE_RECORD);
            assertThatThrownBy(() -> connect(proxy, "shop.test")).isInstanceOf(UncheckedIOException.class);
            assertThat(proxy.counted(Count.TLS_OVERLOAD)).isEqualTo(1);
            stalling.shutdownOutput();
            await().ignoreExceptions().untilAsserted(() -> {
                try (RawClient client = connect(proxy, "shop.test")) {
                    assertThat(get(client, "shop.test").status()).isEqualTo(200);
                }
            });
        }
    }

    /** The refused connection is closed while the one in its way goes: on one loop, both in the same turn of it. */
    @Test
    void takesNoPlaceForAHandshakeThatItRefused() throws IOException {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), ", handshakes: 1"), 1, Transport.Wish.AUTO)) {
            for (int round = 0; round < 50; round++) {
                try (Socket stalling = greeted(proxy);
                        Socket refused = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
                    refused.getOutputStream().write(TlsBytes.hello());
                    stalling.shutdownOutput();
                }
            }
            greeted(proxy).close();
        }
    }

    /** A client that has seen the server's hello, and says nothing more. */
    private static Socket greeted(TestProxy proxy) {
        return await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> TlsBytes.greeted(proxy.port()), Objects::nonNull);
    }

    @Test
    void closesConnectionsOnWhichSomethingElseIsSpoken() {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), ""));
                RawClient plain = RawClient.connect(proxy.port())) {
            plain.send("GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n");
            assertThatThrownBy(plain::read).isInstanceOf(UncheckedIOException.class);
            assertThat(proxy.counted(Count.TLS_NOT_TLS)).isEqualTo(1);
            assertThat(backend.heads()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void requiresClientCertificatesOfTheConfiguredAuthorityAndTellsTheBackend(TlsProvider provider) {
        X509Bundle client = certificates.issueClient("client", "CN=teller\\, \\\"x\\\",O=Bank", "spiffe://bank/teller");
        X509Bundle stranger = new TestCertificates(folder.resolve("..")).issueClient("stranger", "CN=s", "x:y");
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), ", clientCa: " + certificates.ca()), provider)) {
            try (RawClient known =
                    RawClient.over(TestCertificates.connect(certificates.context(client), proxy.port(), "shop.test"))) {
                Answer answer = known.send("GET / HTTP/1.1\r\nHost: shop.test\r\nX-Forwarded-Client-Cert: forged\r\n"
                                + "Client-Cert: :forged:\r\n\r\n")
                        .read();
                assertThat(answer.status()).isEqualTo(200);
            }
            assertThat(backend.heads().get(0))
                    .containsPattern("X-Forwarded-Client-Cert: Hash=[0-9a-f]{64};Subject=\"CN=teller[^\"\\r]*O=Bank\""
                            + ";URI=spiffe://bank/teller\r\n")
                    .doesNotContain("forged");
            assertThatThrownBy(() -> {
                        try (RawClient none = connect(proxy, "shop.test")) {
                            get(none, "shop.test");
                        }
                    })
                    .isInstanceOf(UncheckedIOException.class);
            assertThatThrownBy(() -> {
                        try (RawClient unknown = RawClient.over(
                                TestCertificates.connect(certificates.context(stranger), proxy.port(), "shop.test"))) {
                            get(unknown, "shop.test");
                        }
                    })
                    .isInstanceOf(UncheckedIOException.class);
            await().untilAsserted(() ->
                    assertThat(proxy.counted(Count.TLS_CLIENT_CERTIFICATE)).isBetween(1L, 2L));
            assertThat(backend.heads()).hasSize(1);
        }
    }

    @Test
    void routesByTheIdentityThatWasVerified() {
        X509Bundle teller = certificates.issueClient("teller", "CN=teller", "spiffe://bank/teller");
        X509Bundle guest = certificates.issueClient("guest", "CN=guest", "spiffe://bank/guest");
        try (RawServer canary = RawServer.saying("canary");
                RawServer stable = RawServer.saying("stable");
                TestProxy proxy =
                        TestProxy.start(yaml(stable.port(), ", clientAuth: optional, clientCa: " + certificates.ca())
                                .replace("pools: {", "pools: {canary: [127.0.0.1:" + canary.port() + "], ")
                                .replace(
                                        "split:",
                                        "rules: [{name: testers, when: {clientCertificate: {uri: 'spiffe://bank/teller'}},"
                                                + " pool: canary}], split:"))) {
            assertThat(saidTo(proxy, teller)).isEqualTo("canary");
            assertThat(saidTo(proxy, guest)).isEqualTo("stable");
            assertThat(saidTo(proxy, null)).isEqualTo("stable");
            assertThat(proxy.accessRecords().get(0).clientCertificate()).isEqualTo("CN=teller");
        }
    }

    private String saidTo(TestProxy proxy, X509Bundle who) {
        try (RawClient client =
                RawClient.over(TestCertificates.connect(certificates.context(who), proxy.port(), "shop.test"))) {
            return get(client, "shop.test").text();
        }
    }

    @Test
    void marksMintedCookiesSecure() {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(
                        backend.port(), "", "weights: {all: 50, other: 50}, key: {cookie: uid, generate: true}", ""));
                RawClient client = connect(proxy, "shop.test")) {
            assertThat(get(client, "shop.test").field("set-cookie")).endsWith("; Secure");
        }
    }
}
