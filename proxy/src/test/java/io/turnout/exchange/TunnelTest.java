package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.model.Outcome;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawClient.Answer;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A change of protocol, RFC 9110 section 7.8: granted only as offered, then octets both ways as they are. */
class TunnelTest {
    private static final String ASK =
            "GET /chat HTTP/1.1\r\nHost: example.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String GRANT =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    /** Grants, then sends back what it gets until the client ends its side. */
    private static RawServer echo() {
        return RawServer.start(connection -> {
            connection.readHead();
            connection.write(GRANT);
            byte[] some = new byte[8192];
            while (true) {
                int first = connection.read();
                if (first < 0) {
                    connection.write("bye");
                    return;
                }
                some[0] = (byte) first;
                connection.write(Arrays.copyOf(some, 1));
            }
        });
    }

    @Test
    void passesOctetsBothWaysIncludingThoseBehindTheRequestAndTheAnswer() {
        // RFC 6455 section 4.1 lets a client send only after the 101; other protocols are less patient.
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write(GRANT + "hello");
                    connection.write("<" + connection.readUntil("!") + ">");
                    connection.read();
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send(ASK + "early GET / HTTP/1.1\r\n\r\n\0!");
            Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.field("upgrade")).isEqualTo("websocket");
            assertThat(answer.field("connection")).isEqualTo("Upgrade");
            assertThat(client.readUntil(">")).isEqualTo("hello<early GET / HTTP/1.1\r\n\r\n\0!>");
            assertThat(backend.heads().get(0)).contains("Connection: Upgrade\r\nUpgrade: websocket\r\n");
            assertThat(proxy.counted(Count.TUNNELS_OPEN)).isEqualTo(1);
            assertThat(proxy.counted(Count.EXCHANGES_ACTIVE)).isZero();
            assertThat(proxy.totals("all", "only").finished(Outcome.SUCCESS)).isEqualTo(1);
        }
    }

    @Test
    void passesEachSidesEndOnToTheOther() throws IOException {
        try (RawServer backend = echo();
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send(ASK);
            assertThat(client.read().status()).isEqualTo(101);
            client.send("abc");
            assertThat(client.readUntil("c")).isEqualTo("abc");
            client.socket().shutdownOutput();
            assertThat(client.readAll()).isEqualTo("bye");
            awaitNoTunnel(proxy);
        }
    }

    @Test
    void letsTheClientSpeakOnAfterTheBackendHasEndedItsSide() throws IOException {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write(GRANT + "done");
                    connection.socket().shutdownOutput();
                    connection.heads().add(connection.readUntil("never"));
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send(ASK);
            client.read();
            assertThat(client.readAll()).isEqualTo("done");
            client.send("still here");
            client.socket().shutdownOutput();
            Awaitility.await().untilAsserted(() -> assertThat(backend.heads()).contains("still here"));
            awaitNoTunnel(proxy);
        }
    }

    @Test
    void carriesMuchBothWaysAtOnceWithASlowReader() throws Exception {
        long seed = Long.getLong("prop.seed", System.nanoTime());
        byte[] sent = new byte[4 << 20];
        new Random(seed).nextBytes(sent);
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write(GRANT);
                    // Nothing is sent back before all is there: the proxy holds what does not fit, and pauses.
                    byte[] all = connection.readBody(sent.length);
                    connection.write(all);
                    connection.read();
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send(ASK);
            client.read();
            client.send(sent);
            byte[] back = client.socketInput().readNBytes(sent.length);
            assertThat(Arrays.equals(back, sent)).as("seed %d", seed).isTrue();
        }
    }

    @Test
    void leavesAnUpgradeThatIsRefusedAsHttp() {
        try (RawServer backend = RawServer.saying("no");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send(ASK + ASK);
            assertThat(client.read().text()).isEqualTo("no");
            assertThat(client.read().text()).isEqualTo("no");
            assertThat(client.get("/").text()).isEqualTo("no");
            assertThat(proxy.counted(Count.TUNNELS_OPENED)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // nothing offered, nothing named, another protocol, two, not announced
                "Upgrade: websocket|Connection: Upgrade~Upgrade: websocket",
                "Connection: Upgrade~Upgrade: websocket|Connection: Upgrade",
                "Connection: Upgrade~Upgrade: websocket|Connection: Upgrade~Upgrade: tea",
                "Connection: Upgrade~Upgrade: websocket|Connection: Upgrade~Upgrade: websocket~Upgrade: tea",
                "Connection: Upgrade~Upgrade: websocket|Upgrade: websocket",
                "Connection: Upgrade~Upgrade: h2c|Connection: Upgrade~Upgrade: h2c",
                "Connection: Upgrade~Upgrade: websocket~Content-Length: 1|Connection: Upgrade~Upgrade: websocket",
            })
    void refusesAGrantOfWhatWasNotOffered(String asked, String granted) {
        try (RawServer backend = RawServer.answering(
                        "HTTP/1.1 101 X\r\n" + granted.replace("~", "\r\n") + "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n" + asked.replace("~", "\r\n") + "\r\n\r\nx");
            Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.field("proxy-status")).contains("http_protocol_error");
        }
    }

    @Test
    void offersNeitherHttp2NorAnythingForAnOldClient() {
        // RFC 9113 section 3.1; RFC 9110 section 7.8
        try (RawServer backend = RawServer.saying("ok");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port());
                RawClient old = RawClient.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                    + "Upgrade: h2c, websocket\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(backend.heads().get(0))
                    .contains("Upgrade: websocket\r\n")
                    .doesNotContainIgnoringCase("h2c")
                    .doesNotContainIgnoringCase("http2-settings");
            old.send("GET / HTTP/1.0\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            assertThat(old.read().status()).isEqualTo(200);
            assertThat(backend.heads().get(1)).doesNotContainIgnoringCase("upgrade");
        }
    }

    @Test
    void cutsBothSidesWhenOneIsReset() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write(GRANT);
                    connection.read();
                    connection.reset();
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send(ASK);
            client.read();
            client.send("x");
            assertThat(client.isClosed()).isTrue();
            awaitNoTunnel(proxy);
            assertThat(proxy.totals("all", "only").charged()).isZero();
        }
    }

    @Test
    void endsATunnelThatIsSilentForTooLongAndNoOther() {
        String yaml = TestProxy.to(0).replace("address: 127.0.0.1:0", "address: 127.0.0.1:0, timeouts: {tunnel: 1s}");
        try (RawServer backend = echo();
                TestProxy proxy = TestProxy.start(yaml.replace("127.0.0.1:0]", "127.0.0.1:" + backend.port() + "]"));
                RawClient silent = RawClient.connect(proxy.port());
                RawClient busy = RawClient.connect(proxy.port())) {
            silent.send(ASK).read();
            busy.send(ASK).read();
            Awaitility.await().pollInterval(Duration.ofMillis(100)).until(() -> {
                busy.send("p");
                assertThat(busy.readUntil("p")).isEqualTo("p");
                return proxy.counted(Count.TUNNELS_OPEN) == 1;
            });
            assertThat(silent.isClosed()).isTrue();
        }
    }

    @Test
    void tellsTunnelsToLeaveWhenTheProcessGoesDown() throws Exception {
        try (RawServer backend = echo();
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send(ASK).read();
            FutureTask<Integer> drain = new FutureTask<>(() -> proxy.plane().drain(TimeUnit.SECONDS.toNanos(6)));
            new Thread(drain, "drain").start();
            // It is told within the first half, and has two seconds to close.
            assertThat(client.isClosed()).isTrue();
            client.socket().close();
            assertThat(drain.get()).isZero();
        }
    }

    private static void awaitNoTunnel(TestProxy proxy) {
        Awaitility.await().until(() -> proxy.counted(Count.TUNNELS_OPEN) == 0);
    }
}
