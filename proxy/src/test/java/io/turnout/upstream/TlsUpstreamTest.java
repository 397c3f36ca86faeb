package io.turnout.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.pkitesting.X509Bundle;
import io.turnout.testing.H2Client;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawClient.Answer;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestCertificates;
import io.turnout.testing.TestProxy;
import io.turnout.tls.ClientTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS towards backends: who is believed, what is said when nobody is, and never plain text instead. */
class TlsUpstreamTest {
    @TempDir
    private Path folder;

    private TestCertificates certificates;

    @BeforeEach
    void issue() {
        certificates = new TestCertificates(folder);
    }

    /** A backend of TLS that answers each request with how it was reached. */
    private static final class Backend implements AutoCloseable {
        final SSLServerSocket socket;
        final Queue<String> peers = new ConcurrentLinkedQueue<>();

        Backend(SSLContext context, boolean wantsCertificate) throws IOException {
            socket = (SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            socket.setNeedClientAuth(wantsCertificate);
            Thread thread = new Thread(this::accept, "tls-backend");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            while (!socket.isClosed()) {
                try {
                    SSLSocket client = (SSLSocket) socket.accept();
                    Thread thread = new Thread(() -> serve(client), "tls-backend-connection");
                    thread.setDaemon(true);
                    thread.start();
                } catch (IOException e) {
                    return;
                }
            }
        }

        private void serve(SSLSocket client) {
            try (client) {
                client.startHandshake();
                peers.add(
                        socket.getNeedClientAuth()
                                ? client.getSession().getPeerPrincipal().getName()
                                : "anybody");
                StringBuilder head = new StringBuilder();
                for (int octet; (octet = client.getInputStream().read()) >= 0; ) {
                    head.append((char) octet);
                    if (head.toString().endsWith("\r\n\r\n")) {
                        boolean last = head.indexOf("GET /last") == 0;
                        head.setLength(0);
                        client.getOutputStream()
                                .write(("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                                                + (last ? "Connection: close\r\n" : "") + "\r\nok")
                                        .getBytes(StandardCharsets.US_ASCII));
                        if (last) {
                            return;
                        }
                    }
                }
            } catch (IOException e) {
                // What the client made of it is for the test to judge.
            }
        }

        int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String yaml(int port, String tls) {
        return "listeners: [{name: web, address: 127.0.0.1:0}]\naccessLog: {format: json}\n"
                + "pools: {all: {endpoints: [127.0.0.1:" + port + "], tls: {" + tls + "}}}\n"
                + "routes: [{name: all, split: {all: 1}}]\n";
    }

    private String trusted() {
        return "ca: " + certificates.ca();
    }

    private static ClientTls.@Nullable Counts counts(TestProxy proxy) {
        return proxy.tls().conditions().get(0).handshakes();
    }

    @Test
    void verifiesTheAddressOrTheConfiguredNameAndReusesConnections() throws IOException {
        X509Bundle byAddress = certificates.issueForAddress("address", "127.0.0.1");
        X509Bundle byName = certificates.issue("name", "shop.internal");
        for (Object[] one : new Object[][] {{byAddress, ""}, {byName, ", serverName: shop.internal"}}) {
            try (Backend backend = new Backend(certificates.context((X509Bundle) one[0]), false);
                    TestProxy proxy = TestProxy.start(yaml(backend.port(), trusted() + one[1]));
                    RawClient client = RawClient.connect(proxy.port())) {
                assertThat(client.get("/").text()).isEqualTo("ok");
                assertThat(client.get("/").text()).isEqualTo("ok");
                assertThat(backend.peers).hasSize(1);
            }
        }
    }

    /** RFC 9113 section 8.3.1; the client's own scheme is what X-Forwarded-Proto says. */
    @Test
    void saysHttpsToABackendOfHttp2AndTls() throws IOException {
        X509Bundle known = certificates.issueForAddress("address", "127.0.0.1");
        try (SSLServerSocket listening = (SSLServerSocket) certificates
                        .context(known)
                        .getServerSocketFactory()
                        .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
                TestProxy proxy = TestProxy.start(
                        yaml(listening.getLocalPort(), trusted()).replace("{all: {e", "{all: {protocol: h2, e"));
                RawClient client = RawClient.connect(proxy.port())) {
            SSLParameters parameters = listening.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            listening.setSSLParameters(parameters);
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            try (H2Client backend = H2Client.serving(listening.accept())) {
                int stream = backend.awaitRequest();
                assertThat(backend.soFar(stream).field(":scheme")).isEqualTo("https");
                assertThat(backend.soFar(stream).field("x-forwarded-proto")).isEqualTo("http");
                backend.headers(stream, H2Client.END_STREAM, ":status", "204");
                assertThat(client.read().status()).isEqualTo(204);
            }
        }
    }

    @Test
    void answers502WithTheReasonWhenTheNameIsWrong() throws IOException {
        X509Bundle wrong = certificates.issue("wrong", "other.internal");
        try (Backend backend = new Backend(certificates.context(wrong), false);
                TestProxy proxy = TestProxy.start(yaml(backend.port(), trusted() + ", serverName: shop.internal"));
                RawClient client = RawClient.connect(proxy.port())) {
            Answer answer = client.get("/");
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.field("proxy-status")).isEqualTo("turnout; error=tls_certificate_error");
            // The first attempt and its retry.
            assertThat(counts(proxy).certificateFailures()).isBetween(1L, 2L);
            await().untilAsserted(() ->
                    assertThat(proxy.accessRecords().get(0).flag()).isEqualTo("tls_certificate_error"));
        }
    }

    @Test
    void answers502WhenTheAuthorityIsUnknownAndBelievesAnybodyOnlyWhenTold() throws IOException {
        X509Bundle own = certificates.issue("own", "other.internal");
        Path elsewhere = java.nio.file.Files.createDirectory(folder.resolve("elsewhere"));
        String strangers = "ca: " + new TestCertificates(elsewhere).ca();
        try (Backend backend = new Backend(certificates.context(own), false)) {
            assertThat(status(backend, strangers + ", serverName: other.internal"))
                    .isEqualTo(502);
            assertThat(status(backend, strangers + ", verify: chain")).isEqualTo(502);
            assertThat(status(backend, "serverName: other.internal")).isEqualTo(502);
            assertThat(status(backend, trusted() + ", verify: chain")).isEqualTo(200);
            assertThat(status(backend, "verify: none")).isEqualTo(200);
        }
    }

    private static int status(Backend backend, String tls) {
        try (TestProxy proxy = TestProxy.start(yaml(backend.port(), tls));
                RawClient client = RawClient.connect(proxy.port())) {
            return client.get("/").status();
        }
    }

    @Test
    void neverFallsBackToPlainText() {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        try (RawServer plain = RawServer.start(connection -> seen.add(connection.readHead()));
                TestProxy proxy = TestProxy.start(
                        yaml(plain.port(), trusted() + "").replace("routes: [{", "routes: [{timeout: 3s, "));
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.get("/").status()).isIn(502, 504);
            assertThat(seen).noneMatch(head -> head.contains("HTTP/1.1"));
        }
    }

    @Test
    void showsItsOwnCertificateToBackendsThatAskForOne() throws IOException {
        X509Bundle server = certificates.issue("server", "shop.internal");
        certificates.issueClient("us", "CN=turnout", "spiffe://us");
        String own = ", certificate: " + folder.resolve("us.pem") + ", key: " + folder.resolve("us.key");
        try (Backend backend = new Backend(certificates.context(server), true)) {
            assertThat(status(backend, trusted() + ", serverName: shop.internal" + own))
                    .isEqualTo(200);
            assertThat(backend.peers).containsExactly("CN=turnout");
            assertThat(status(backend, trusted() + ", serverName: shop.internal"))
                    .isEqualTo(502);
        }
    }

    @Test
    void resumesSessions() throws IOException {
        X509Bundle server = certificates.issue("server", "shop.internal");
        try (Backend backend = new Backend(certificates.context(server), false);
                TestProxy proxy = TestProxy.start(yaml(backend.port(), trusted() + ", serverName: shop.internal"))) {
            for (int i = 0; i < 4; i++) {
                try (RawClient client = RawClient.connect(proxy.port())) {
                    assertThat(client.get("/last").status()).isEqualTo(200);
                }
            }
            assertThat(counts(proxy).full() + counts(proxy).resumed()).isEqualTo(4);
            assertThat(counts(proxy).resumed()).isPositive();
        }
    }

    @Test
    void takesAnAnswerWithoutLengthForCutWhenNobodyAnnouncedItsEnd() throws IOException {
        X509Bundle server = certificates.issue("server", "shop.internal");
        String answer = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf";
        for (boolean announced : new boolean[] {true, false}) {
            SSLContext context = certificates.context(server);
            try (RawServer backend = RawServer.start(connection -> {
                        Socket plain = connection.socket();
                        SSLSocket tls = (SSLSocket)
                                context.getSocketFactory().createSocket(plain, null, plain.getPort(), false);
                        tls.setUseClientMode(false);
                        while (tls.getInputStream().read() != '\n') {}
                        tls.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                        if (announced) {
                            tls.close();
                        }
                        plain.shutdownOutput();
                        while (plain.getInputStream().read() >= 0) {}
                    });
                    TestProxy proxy = TestProxy.start(yaml(backend.port(), trusted() + ", serverName: shop.internal"));
                    RawClient client = RawClient.connect(proxy.port())) {
                Answer got = client.get("/");
                assertThat(got.text()).isEqualTo("half");
                assertThat(got.whole()).as("announced: %s", announced).isEqualTo(announced);
            }
        }
    }
}
