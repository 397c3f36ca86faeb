package io.turnout.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.snapshot.Announcement;
import io.turnout.testing.H2Client;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestCertificates;
import io.turnout.testing.TestProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol towards backends: what a connection begins with, and for whom it is used again. */
class AnnouncedClientTest {
    private static final int V2_TCP4_BYTES = 28;
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static String yaml(String listener, String pool) {
        return "listeners: [{name: web, address: 127.0.0.1:0" + listener + "}]\n" + "pools: {all: {" + pool
                + "}}\nroutes: [{name: all, split: {all: 1}}]\n";
    }

    private static String v1(int backend) {
        return "endpoints: [127.0.0.1:" + backend + "], proxyProtocol: v1";
    }

    /** Keeps the preamble of every connection among its heads, then answers requests. */
    private static RawServer announced() {
        return RawServer.start(connection -> {
            connection.heads().add(connection.readUntil("\r\n"));
            while (!connection.readHead().isEmpty()) {
                connection.write(OK);
            }
        });
    }

    private static String preamble(RawClient client, TestProxy proxy) {
        return "PROXY TCP4 127.0.0.1 127.0.0.1 " + client.socket().getLocalPort() + ' ' + proxy.port() + "\r\n";
    }

    @Test
    void namesTheClientFirstAndSharesConnectionsWithNoOther() {
        try (RawServer backend = announced();
                TestProxy proxy = TestProxy.start(yaml("", v1(backend.port())));
                RawClient one = RawClient.connect(proxy.port());
                RawClient other = RawClient.connect(proxy.port())) {
            for (int i = 0; i < 3; i++) {
                assertThat(one.get("/").status()).isEqualTo(200);
                assertThat(other.get("/").status()).isEqualTo(200);
            }
            assertThat(backend.connections()).isEqualTo(2);
            assertThat(backend.heads()).contains(preamble(one, proxy), preamble(other, proxy));
            assertThat(backend.heads()).hasSize(2 + 6);
        }
    }

    @Test
    void namesTheClientATrustedProxyNames() {
        try (RawServer backend = announced();
                TestProxy proxy = TestProxy.start(yaml(", trustedProxies: [127.0.0.1/32]", v1(backend.port())));
                RawClient cdn = RawClient.connect(proxy.port())) {
            for (String address : new String[] {"203.0.113.7", "203.0.113.8", "203.0.113.7", "2001:db8::7"}) {
                cdn.send("GET / HTTP/1.1\r\nHost: example.test\r\nX-Forwarded-For: " + address + "\r\n\r\n");
                assertThat(cdn.read().status()).isEqualTo(200);
            }
            assertThat(backend.heads().stream().filter(head -> head.startsWith("PROXY")))
                    .containsExactly(
                            "PROXY TCP4 203.0.113.7 127.0.0.1 0 " + proxy.port() + "\r\n",
                            "PROXY TCP4 203.0.113.8 127.0.0.1 0 " + proxy.port() + "\r\n",
                            "PROXY TCP6 2001:db8::7 ::ffff:127.0.0.1 0 " + proxy.port() + "\r\n");
        }
    }

    @Test
    void namesTheClientOfEachHttp2Stream() {
        try (RawServer backend = announced();
                TestProxy proxy = TestProxy.start(yaml(", trustedProxies: [127.0.0.1/32]", v1(backend.port())));
                H2Client client = H2Client.connect(proxy.port())) {
            client.get(1, "/", "x-forwarded-for", "203.0.113.7").get(3, "/", "x-forwarded-for", "203.0.113.8");
            assertThat(client.answer(1).status()).isEqualTo(200);
            assertThat(client.answer(3).status()).isEqualTo(200);
            assertThat(backend.heads())
                    .contains(
                            "PROXY TCP4 203.0.113.7 127.0.0.1 0 " + proxy.port() + "\r\n",
                            "PROXY TCP4 203.0.113.8 127.0.0.1 0 " + proxy.port() + "\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void standsBeforeTls(String version, @TempDir Path folder) throws Exception {
        TestCertificates certificates = new TestCertificates(folder);
        SSLContext server = certificates.context(certificates.issue("shop", "shop.test"));
        CompletableFuture<byte[]> preamble = new CompletableFuture<>();
        try (ServerSocket backend = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> serve(backend, server, version, preamble), "tls-backend");
            thread.setDaemon(true);
            thread.start();
            String pool = "endpoints: [127.0.0.1:" + backend.getLocalPort() + "], proxyProtocol: " + version
                    + ", tls: {serverName: shop.test, ca: " + certificates.ca() + "}";
            try (TestProxy proxy = TestProxy.start(yaml("", pool));
                    RawClient client = RawClient.connect(proxy.port())) {
                assertThat(client.get("/").text()).isEqualTo("ok");
                byte[] loopback = {127, 0, 0, 1};
                assertThat(preamble.get())
                        .isEqualTo(ClientPreamble.of(
                                Announcement.valueOf(version.toUpperCase(Locale.ROOT)),
                                loopback,
                                client.socket().getLocalPort(),
                                proxy.address()));
            }
        }
    }

    /** Takes the preamble off, octet by octet so that nothing behind it is lost, and goes on in TLS. */
    private static void serve(
            ServerSocket backend, SSLContext server, String version, CompletableFuture<byte[]> preamble) {
        try (Socket plain = backend.accept()) {
            ByteArrayOutputStream taken = new ByteArrayOutputStream();
            while (version.equals("v1")
                    ? !taken.toString(StandardCharsets.US_ASCII).endsWith("\r\n")
                    : taken.size() < V2_TCP4_BYTES) {
                taken.write(plain.getInputStream().read());
            }
            preamble.complete(taken.toByteArray());
            SSLSocket secured = (SSLSocket) server.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
            secured.setUseClientMode(false);
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) secured.getInputStream().read());
            }
            secured.getOutputStream().write(OK.getBytes(StandardCharsets.US_ASCII));
            secured.getOutputStream().flush();
            secured.getInputStream().read();
        } catch (IOException e) {
            preamble.completeExceptionally(e);
        }
    }

    @Test
    void makesRoomAtTheLimitForAnotherClient() {
        String pool = "limits: {connections: 1}, ";
        try (RawServer backend = announced();
                TestProxy proxy = TestProxy.start(yaml("", pool + v1(backend.port())));
                RawClient one = RawClient.connect(proxy.port());
                RawClient other = RawClient.connect(proxy.port())) {
            for (int i = 0; i < 3; i++) {
                one.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
                other.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
                assertThat(one.read().status()).isEqualTo(200);
                assertThat(other.read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void probesForNobodyAndCopiesForTheClientOfTheOriginal() {
        try (RawServer backend = RawServer.saying("hello");
                RawServer shadow = announced();
                TestProxy proxy = TestProxy.start("listeners: [{name: web, address: 127.0.0.1:0}]\n"
                        + "pools: {all: [127.0.0.1:" + backend.port() + "], shadow: {" + v1(shadow.port())
                        + ", healthCheck: {path: /up}}}\n"
                        + "routes: [{name: all, split: {all: 1}, mirror: {pool: shadow, percent: 100%}}]\n");
                RawClient client = RawClient.connect(proxy.port())) {
            await().untilAsserted(() -> assertThat(shadow.heads()).contains("PROXY UNKNOWN\r\n"));
            await().untilAsserted(() -> {
                assertThat(client.get("/").text()).isEqualTo("hello");
                assertThat(shadow.heads()).contains(preamble(client, proxy));
            });
        }
    }

    @Test
    void beginsAnewWhenTheConfigurationBeginsOrEndsToAskForIt() {
        try (RawServer backend = RawServer.start(connection -> {
                    for (String head; !(head = connection.readUntil("\r\n")).isEmpty(); ) {
                        connection.heads().add(head);
                        if (head.startsWith("GET")) {
                            connection.readUntil("\r\n\r\n");
                            connection.write(OK);
                        }
                    }
                });
                TestProxy proxy = TestProxy.start(yaml("", "endpoints: [127.0.0.1:" + backend.port() + "]"));
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.get("/").status()).isEqualTo(200);
            proxy.reload(yaml("", v1(backend.port())));
            assertThat(client.get("/").status()).isEqualTo(200);
            proxy.reload(yaml("", "endpoints: [127.0.0.1:" + backend.port() + "]"));
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(backend.heads())
                    .containsExactly(
                            "GET / HTTP/1.1\r\n", preamble(client, proxy), "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\n");
        }
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }

    @Test
    void writesVersion2AsItsSpecificationHasIt() throws UnknownHostException {
        InetSocketAddress local = new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}), 443);
        byte[] client = {(byte) 203, 0, 113, 9};
        String signature = "0d0a0d0a000d0a515549540a";
        assertThat(hex(ClientPreamble.of(Announcement.V2, client, 12345, local)))
                .isEqualTo(signature + "2111000c" + "cb007109" + "0a000001" + "3039" + "01bb");
        byte[] ipv6 = HexFormat.of().parseHex("20010db8000000000000000000000007");
        assertThat(hex(ClientPreamble.of(Announcement.V2, ipv6, 1, local)))
                .isEqualTo(signature + "21210024" + hex(ipv6) + "00000000000000000000ffff0a000001" + "0001" + "01bb");
        assertThat(hex(Announcement.V2.ofNobody())).isEqualTo(signature + "20000000");
        assertThat(new String(ClientPreamble.of(Announcement.V1, ipv6, 1, null), StandardCharsets.US_ASCII))
                .isEqualTo("PROXY UNKNOWN\r\n");
    }
}
