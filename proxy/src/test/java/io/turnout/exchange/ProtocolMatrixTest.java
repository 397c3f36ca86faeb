package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.model.Outcome;
import io.turnout.testing.EchoServer;
import io.turnout.testing.EchoServer.Spoken;
import io.turnout.testing.H2Client;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestCertificates;
import io.turnout.testing.TestProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Behaviour that must not depend on what is spoken: HTTP/1.1 and HTTP/2, plain and over TLS, each towards clients with
 * each towards backends.
 */
class ProtocolMatrixTest {
    private static final int REQUESTS = 10;
    private static final int CALLERS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private static TestCertificates certificates;
    private static SSLContext shown;
    private static SSLContext trusting;

    /** What is spoken on one side. */
    enum Side {
        H1(Spoken.HTTP1, false),
        H1_TLS(Spoken.HTTP1, true),
        H2C(Spoken.H2, false),
        H2_TLS(Spoken.H2, true);

        private final Spoken spoken;
        private final boolean tls;

        Side(Spoken spoken, boolean tls) {
            this.spoken = spoken;
            this.tls = tls;
        }
    }

    @BeforeAll
    static void issue() {
        certificates = new TestCertificates(folder);
        shown = certificates.context(certificates.issue("both", "shop.test"));
        trusting = certificates.context(null);
    }

    static Stream<Arguments> sides() {
        return Arrays.stream(Side.values())
                .flatMap(down -> Arrays.stream(Side.values()).map(up -> Arguments.of(down, up)));
    }

    private static EchoServer server(Side up) {
        return new EchoServer(up.spoken, up.tls ? shown : null);
    }

    private static String pool(Side up, int... ports) {
        String endpoints = String.join(
                ", ", Arrays.stream(ports).mapToObj(port -> "127.0.0.1:" + port).toList());
        return "{endpoints: [" + endpoints + "], balance: roundRobin, protocol: "
                + (up.spoken == Spoken.H2 ? "h2" : "http1")
                + (up.tls ? ", tls: {ca: " + certificates.ca() + ", serverName: shop.test}" : "") + "}";
    }

    private static String yaml(Side down, String pools, String route) {
        String tls = down.tls ? ", tls: {certificates: [" + certificates.yaml("both") + "]}" : "";
        return "listeners: [{name: web, address: 127.0.0.1:0" + tls + "}]\npools: {" + pools
                + "}\nroutes: [{name: all, " + route + "}]\n";
    }

    private static Caller caller(TestProxy proxy, Side down) {
        try {
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
            plain.setTcpNoDelay(true);
            plain.setSoTimeout((int) PATIENCE.toMillis());
            Socket spoken = down.tls
                    ? TestCertificates.handshake(trusting, plain, "shop.test", List.of(down.spoken.alpn()))
                    : plain;
            return down.spoken == Spoken.H2
                    ? new H2Caller(H2Client.over(spoken))
                    : new H1Caller(RawClient.over(spoken));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("sides")
    void streamsBothWaysWithoutHoldingAnythingBack(Side down, Side up) {
        try (EchoServer server = server(up);
                TestProxy proxy = TestProxy.start(yaml(down, "only: " + pool(up, server.port()), "split: {only: 1}"));
                Caller caller = caller(proxy, down)) {
            for (int i = 0; i < 3; i++) {
                caller.converse("first", "second", "x".repeat(10_000));
            }
            assertThat(caller.get("/")).isEqualTo("200 hello");
        }
    }

    /** The other member hangs up on whoever comes, before it has read anything. */
    @ParameterizedTest
    @MethodSource("sides")
    void triesAgainElsewhereAndCountsWhatCameOfIt(Side down, Side up) {
        try (EchoServer server = server(up);
                RawServer broken = RawServer.start(connection -> {});
                TestProxy proxy = TestProxy.start(
                        yaml(down, "only: " + pool(up, broken.port(), server.port()), "split: {only: 1}"));
                Caller caller = caller(proxy, down)) {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(caller.get("/")).isEqualTo("200 hello");
            }
            assertThat(broken.connections()).isPositive();
            awaitCount(proxy, "only", Outcome.SUCCESS, REQUESTS);
        }
    }

    @ParameterizedTest
    @MethodSource("sides")
    void tellsTheGuardOfEverySideWhatItDid(Side down, Side up) {
        try (EchoServer server = server(up);
                TestProxy proxy = TestProxy.start(yaml(
                        down,
                        "blue: " + pool(up, server.port()) + ", green: " + pool(up, server.port()),
                        "split: {blue: 1, green: 1}"));
                Caller caller = caller(proxy, down)) {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(caller.get("/")).isEqualTo("200 hello");
                assertThat(caller.get("/bad")).isEqualTo("500 hello");
            }
            await().atMost(PATIENCE).untilAsserted(() -> {
                for (Outcome outcome : List.of(Outcome.SUCCESS, Outcome.SERVER_ERROR)) {
                    assertThat(proxy.totals("all", "blue").finished(outcome)
                                    + proxy.totals("all", "green").finished(outcome))
                            .isEqualTo(REQUESTS);
                }
                assertThat(proxy.totals("all", "blue").charged()).isEqualTo(REQUESTS);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("sides")
    void copiesEveryRequestToTheShadow(Side down, Side up) {
        try (EchoServer server = server(up);
                EchoServer shadow = server(up);
                TestProxy proxy = TestProxy.start(yaml(
                        down,
                        "only: " + pool(up, server.port()) + ", shadow: " + pool(up, shadow.port()),
                        "split: {only: 1}, mirror: {pool: shadow, unsafeMethods: true}"));
                Caller caller = caller(proxy, down)) {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(caller.get("/")).isEqualTo("200 hello");
                caller.converse("said", "to both", Integer.toString(i).repeat(15_000));
            }
            await().atMost(PATIENCE).until(() -> shadow.contents().size() == REQUESTS);
            assertThat(shadow.contents()).containsExactlyInAnyOrderElementsOf(server.contents());
            await().atMost(PATIENCE).until(() -> shadow.requests() == 2 * REQUESTS);
            assertThat(server.requests()).isEqualTo(2 * REQUESTS);
        }
    }

    @ParameterizedTest
    @MethodSource("sides")
    void losesNothingOverDrainReloadAndSwitchUnderLoad(Side down, Side up) throws InterruptedException {
        try (EchoServer a = server(up);
                EchoServer b = server(up);
                EchoServer c = server(up)) {
            String pools = "blue: " + pool(up, a.port(), b.port()) + ", green: " + pool(up, c.port());
            String yaml = yaml(down, pools, "split: {blue: 1, green: 0}");
            try (TestProxy proxy = TestProxy.start(yaml);
                    Load load = new Load(proxy, down)) {
                load.awaitMore(2);
                proxy.drain("blue", "127.0.0.1:" + a.port());
                load.awaitMore(2);
                int before = a.requests();
                load.awaitMore(REQUESTS);
                assertThat(a.requests()).as("drained").isEqualTo(before);
                proxy.resume("blue", "127.0.0.1:" + a.port());
                proxy.reload(yaml.replace("name: all,", "name: all, timeout: 20s,"));
                load.awaitMore(2);
                proxy.weigh("all", Map.of("blue", 0, "green", 1));
                load.awaitMore(2);
                int switched = a.requests() + b.requests();
                load.awaitMore(REQUESTS);
                assertThat(a.requests() + b.requests()).as("switched").isEqualTo(switched);
                proxy.weigh("all", Map.of("blue", 1, "green", 1));
                proxy.reload(yaml);
                load.awaitMore(REQUESTS);
                assertThat(load.end()).isEmpty();
            }
        }
    }

    private static void awaitCount(TestProxy proxy, String pool, Outcome outcome, int wanted) {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(proxy.totals("all", pool).finished(outcome)).isEqualTo(wanted));
    }

    /** Some callers, each on a connection and a thread of its own, that ask again and again. */
    private static final class Load implements AutoCloseable {
        private final List<Thread> threads = new ArrayList<>();
        private final List<AtomicInteger> answered = new ArrayList<>();
        private final Queue<String> failures = new ConcurrentLinkedQueue<>();
        private volatile boolean ending;

        Load(TestProxy proxy, Side down) {
            for (int i = 0; i < CALLERS; i++) {
                AtomicInteger count = new AtomicInteger();
                Thread thread = new Thread(() -> ask(proxy, down, count), "caller-" + i);
                answered.add(count);
                threads.add(thread);
                thread.start();
            }
        }

        private void ask(TestProxy proxy, Side down, AtomicInteger count) {
            try (Caller caller = caller(proxy, down)) {
                while (!ending) {
                    String answer = caller.get("/");
                    if (!answer.equals("200 hello")) {
                        failures.add(answer);
                    }
                    count.incrementAndGet();
                }
            } catch (RuntimeException | AssertionError e) {
                failures.add(e.toString());
            }
        }

        /** Waits until every caller has been answered so many times more; each has one request under way at most. */
        void awaitMore(int requests) {
            List<Integer> before = answered.stream().map(AtomicInteger::get).toList();
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> {
                assertThat(failures).isEmpty();
                return java.util.stream.IntStream.range(0, CALLERS)
                        .allMatch(i -> answered.get(i).get() >= before.get(i) + requests);
            });
        }

        /** Ends, and answers what has failed. */
        List<String> end() throws InterruptedException {
            ending = true;
            for (Thread thread : threads) {
                thread.join(PATIENCE.toMillis());
            }
            return List.copyOf(failures);
        }

        @Override
        public void close() {
            ending = true;
        }
    }

    /** A client with one connection. */
    private interface Caller extends AutoCloseable {
        /** Status and content of the answer. */
        String get(String path);

        /** Sends content piece by piece, each after the one before has come back. */
        void converse(String... pieces);

        @Override
        void close();
    }

    private record H1Caller(RawClient client) implements Caller {
        @Override
        public String get(String path) {
            RawClient.Answer answer = client.send("GET " + path + " HTTP/1.1\r\nHost: shop.test\r\n\r\n")
                    .read();
            return answer.status() + " " + answer.text();
        }

        @Override
        public void converse(String... pieces) {
            client.send("POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < pieces.length; i++) {
                client.send(Integer.toHexString(pieces[i].length()) + "\r\n" + pieces[i] + "\r\n");
                if (i == 0) {
                    assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
                }
                StringBuilder back = new StringBuilder();
                while (back.length() < pieces[i].length()) {
                    back.append(chunk());
                }
                assertThat(back).hasToString(pieces[i]);
            }
            client.send("0\r\n\r\n");
            assertThat(chunk()).isEmpty();
        }

        private String chunk() {
            int size = Integer.parseInt(client.readUntil("\r\n").strip(), 16);
            try {
                byte[] content = client.socketInput().readNBytes(size + 2);
                return new String(content, 0, size, StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private static final class H2Caller implements Caller {
        private final H2Client client;
        private int stream = -1;

        H2Caller(H2Client client) {
            this.client = client;
            // Content adds up over the streams of a connection.
            client.frame(H2Client.WINDOW_UPDATE, 0, 0, 1 << 24);
        }

        private static String[] head(String method, String path) {
            return new String[] {":method", method, ":scheme", "http", ":path", path, ":authority", "shop.test"};
        }

        @Override
        public String get(String path) {
            stream += 2;
            H2Client.Answer answer = client.headers(stream, H2Client.END_STREAM, head("GET", path))
                    .answer(stream);
            return answer.status() + " " + answer.text() + (answer.whole() ? "" : " cut");
        }

        @Override
        public void converse(String... pieces) {
            stream += 2;
            client.headers(stream, 0, head("POST", "/"));
            StringBuilder said = new StringBuilder();
            for (String piece : pieces) {
                client.data(stream, 0, piece);
                said.append(piece);
                while (client.soFar(stream).body().length < said.length()) {
                    assertThat(client.next())
                            .as("after %s", client.soFar(stream))
                            .isNotNull();
                }
                assertThat(client.soFar(stream).text()).isEqualTo(said.toString());
            }
            client.data(stream, H2Client.END_STREAM, "");
            assertThat(client.answer(stream).whole()).isTrue();
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
