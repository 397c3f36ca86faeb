package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.model.Outcome;
import io.turnout.testing.H2Client;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestCertificates;
import io.turnout.testing.TestProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Retries, weights, reloads and counts do not depend on what is spoken on either side. */
class ProtocolMatrixTest {
    private static final int REQUESTS = 10;
    private static final int END = H2Client.END_HEADERS | H2Client.END_STREAM;

    @TempDir
    private Path folder;

    private static ServerSocket h2Server() throws IOException {
        ServerSocket server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(
                () -> {
                    while (!server.isClosed()) {
                        try {
                            Socket accepted = server.accept();
                            Thread thread = new Thread(() -> answer(accepted), "h2-backend-connection");
                            thread.setDaemon(true);
                            thread.start();
                        } catch (IOException e) {
                            return;
                        }
                    }
                },
                "h2-backend");
        acceptor.setDaemon(true);
        acceptor.start();
        return server;
    }

    private static void answer(Socket accepted) {
        try (H2Client peer = H2Client.serving(accepted)) {
            for (int stream; (stream = peer.awaitRequest()) > 0; ) {
                peer.headers(stream, H2Client.END_HEADERS, ":status", "200");
                peer.data(stream, H2Client.END_STREAM, "hello");
            }
        } catch (IOException | RuntimeException e) {
            // The proxy has gone; what the client saw is what counts.
        }
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return unused.getLocalPort();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http1, plain, http1", "http1, plain, h2", "http1, tls, http1", "http1, tls, h2",
        "h2, plain, http1", "h2, plain, h2", "h2, tls, http1", "h2, tls, h2"
    })
    void losesNoRequestOverRetrySwitchAndReload(String down, String wire, String up) throws Exception {
        TestCertificates certificates = new TestCertificates(folder);
        certificates.issue("shop", "shop.test");
        String tls = wire.equals("tls") ? ", tls: {certificates: [" + certificates.yaml("shop") + "]}" : "";
        try (RawServer h1 = RawServer.saying("hello");
                ServerSocket h2 = h2Server()) {
            int port = up.equals("h2") ? h2.getLocalPort() : h1.port();
            String pool = "{endpoints: [127.0.0.1:" + port + ", 127.0.0.1:" + unusedPort() + "], protocol: " + up + "}";
            String yaml = "listeners: [{name: web, address: 127.0.0.1:0" + tls + "}]\npools: {blue: " + pool
                    + ", green: " + pool + "}\nroutes: [{name: all, split: {blue: 1, green: 0}%s}]\n";
            try (TestProxy proxy = TestProxy.start(yaml.formatted(""));
                    Caller caller = caller(proxy, certificates, down, wire)) {
                caller.ask();
                proxy.reload(yaml.formatted(", timeout: 20s"));
                caller.ask();
                proxy.weigh("all", Map.of("blue", 0, "green", 1));
                caller.ask();
                await().untilAsserted(
                                () -> assertThat(proxy.totals("all", "green").finished(Outcome.SUCCESS))
                                        .isEqualTo(REQUESTS));
                assertThat(proxy.totals("all", "blue").finished(Outcome.SUCCESS))
                        .isEqualTo(2 * REQUESTS);
            }
        }
    }

    /** A client that sends some requests one after the other and expects every one to be answered. */
    private interface Caller extends AutoCloseable {
        void ask();

        @Override
        void close();
    }

    private static Caller caller(TestProxy proxy, TestCertificates certificates, String down, String wire)
            throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        plain.setSoTimeout(10_000);
        List<String> offered = List.of(down.equals("h2") ? "h2" : "http/1.1");
        Socket spoken = wire.equals("tls")
                ? TestCertificates.handshake(certificates.context(null), plain, "shop.test", offered)
                : plain;
        return down.equals("h2") ? new H2Caller(H2Client.over(spoken)) : new H1Caller(RawClient.over(spoken));
    }

    private record H1Caller(RawClient client) implements Caller {
        @Override
        public void ask() {
            for (int i = 0; i < REQUESTS; i++) {
                client.send("GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n");
                assertThat(client.read().text()).isEqualTo("hello");
            }
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private static final class H2Caller implements Caller {
        private final H2Client client;
        private int stream = 1;

        H2Caller(H2Client client) {
            this.client = client;
        }

        @Override
        public void ask() {
            for (int i = 0; i < REQUESTS; i++, stream += 2) {
                client.headers(
                        stream, END, ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "shop.test");
                assertThat(client.answer(stream).text()).isEqualTo("hello");
            }
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
