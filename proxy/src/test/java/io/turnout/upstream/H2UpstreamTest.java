package io.turnout.upstream;

import static io.turnout.testing.H2Client.END_STREAM;
import static io.turnout.testing.H2Client.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.listener.Transport;
import io.turnout.testing.H2Client;
import io.turnout.testing.H2Client.Answer;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** HTTP/2 towards backends: what goes on one connection, and what a backend may do to it. */
class H2UpstreamTest {
    /** What a backend does with its n-th connection. */
    @FunctionalInterface
    private interface Backend {
        void serve(H2Client peer, int connection);
    }

    private static RawServer serving(Backend backend) {
        AtomicInteger connections = new AtomicInteger();
        return RawServer.start(
                connection -> backend.serve(H2Client.serving(connection.socket()), connections.incrementAndGet()));
    }

    private static TestProxy proxy(RawServer backend) {
        return proxy(backend, "timeouts: {response: 1s}");
    }

    private static TestProxy proxy(RawServer backend, String more) {
        String pool = "only: {protocol: h2, endpoints: [127.0.0.1:" + backend.port() + "], " + more + "}";
        return TestProxy.start(TestProxy.split("only: 1", pool), 1, Transport.Wish.AUTO);
    }

    private static void answerAll(H2Client peer, int connection) {
        for (int stream; (stream = peer.awaitRequest()) > 0; ) {
            peer.headers(stream, 0, ":status", "200", "x-connection", Integer.toString(connection));
            peer.data(stream, END_STREAM, "ok");
        }
    }

    @Test
    void sendsRequestsOneAfterTheOtherOnOneConnection() {
        List<String> seen = new CopyOnWriteArrayList<>();
        Backend script = (peer, connection) -> {
            for (int stream; (stream = peer.awaitRequest()) > 0; ) {
                peer.soFar(stream).head().forEach(line -> seen.add(line.getKey() + ": " + line.getValue()));
                peer.headers(stream, 0, ":status", "200").data(stream, END_STREAM, "ok");
            }
        };
        try (RawServer backend = serving(script);
                TestProxy proxy = proxy(backend);
                RawClient client = RawClient.connect(proxy.port())) {
            for (int i = 0; i < 3; i++) {
                RawClient.Answer answer = client.get("/a?b=" + i);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("ok");
                assertThat(answer.field("via")).isEqualTo("2 " + io.turnout.http.Via.PSEUDONYM);
                assertThat(answer.whole()).isTrue();
            }
            assertThat(backend.connections()).isEqualTo(1);
            assertThat(seen)
                    .contains(":method: GET", ":scheme: http", ":path: /a?b=2", ":authority: example.test")
                    .contains("x-forwarded-for: 127.0.0.1", "x-forwarded-host: example.test")
                    .contains("via: 1.1 " + io.turnout.http.Via.PSEUDONYM)
                    .anyMatch(line -> line.matches("x-request-id: [0-9a-f]{32}"))
                    .noneMatch(line -> line.startsWith("host:") || line.startsWith("connection:"));
        }
    }

    @Test
    void carriesManyRequestsAtOnceOnOneConnection() {
        Backend script = (peer, connection) -> {
            List<Integer> streams = new ArrayList<>();
            while (streams.size() < 20) {
                streams.add(peer.awaitRequest());
            }
            for (int i = streams.size() - 1; i >= 0; i--) {
                int stream = streams.get(i);
                peer.headers(stream, 0, ":status", "200");
                peer.data(stream, END_STREAM, String.valueOf(peer.soFar(stream).field(":path")));
            }
            peer.await(H2Client.GOAWAY);
        };
        try (RawServer backend = serving(script);
                TestProxy proxy = proxy(backend);
                H2Client client = H2Client.connect(proxy.port())) {
            for (int i = 0; i < 20; i++) {
                client.get(1 + 2 * i, "/" + i);
            }
            for (int i = 0; i < 20; i++) {
                assertThat(client.answer(1 + 2 * i).text()).isEqualTo("/" + i);
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void carriesBodiesAndTrailersBothWays() {
        Backend script = (peer, connection) -> {
            int stream = peer.awaitRequest();
            Answer got = peer.answer(stream);
            peer.headers(stream, 0, ":status", "200", "x-sum", String.valueOf(got.trailer("x-sum")));
            peer.data(stream, 0, got.text());
            peer.headers(stream, END_STREAM, "x-end", "yes");
            peer.await(H2Client.GOAWAY);
        };
        try (RawServer backend = serving(script);
                TestProxy proxy = proxy(backend);
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("POST / HTTP/1.1\r\nHost: h.test\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n");
            RawClient.Answer answer = client.read();
            assertThat(answer.field("x-sum")).isEqualTo("5");
            assertThat(answer.text()).isEqualTo("abcde");
            assertThat(answer.whole()).isTrue();
        }
    }

    /** RFC 9113 section 8.7: such a request has not been looked at, so even a POST may be sent again. */
    @Test
    void sendsARefusedRequestAgain() {
        Backend script = (peer, connection) -> {
            if (connection == 1) {
                int stream = peer.awaitRequest();
                peer.frame(H2Client.RST_STREAM, 0, stream, H2Client.REFUSED_STREAM);
            }
            answerAll(peer, connection);
        };
        try (RawServer backend = serving(script);
                TestProxy proxy = proxy(backend);
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("POST / HTTP/1.1\r\nHost: h.test\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    /** RFC 9113 section 6.8: what is above the last stream is sent again, what is below is finished. */
    @Test
    void followsAGoAwayWithoutLosingARequest() {
        Backend script = (peer, connection) -> {
            if (connection > 1) {
                answerAll(peer, connection);
                return;
            }
            int first = peer.awaitRequest();
            peer.awaitRequest();
            peer.frame(H2Client.GOAWAY, 0, 0, new byte[] {0, 0, 0, (byte) first, 0, 0, 0, 0});
            peer.headers(first, 0, ":status", "200", "x-connection", "1").data(first, END_STREAM, "ok");
            answerAll(peer, connection);
        };
        try (RawServer backend = serving(script);
                TestProxy proxy = proxy(backend);
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, END_STREAM, request("POST", "/"));
            client.headers(3, END_STREAM, request("POST", "/"));
            Answer first = client.answer(1);
            Answer second = client.answer(3);
            assertThat(first.text()).isEqualTo("ok");
            assertThat(second.text()).isEqualTo("ok");
            assertThat(List.of(
                            String.valueOf(first.field("x-connection")), String.valueOf(second.field("x-connection"))))
                    .containsExactlyInAnyOrder("1", "2");
        }
    }

    @Test
    void cutsAnAnswerThatTheBackendResets() {
        Backend script = (peer, connection) -> {
            for (int stream; (stream = peer.awaitRequest()) > 0; ) {
                peer.headers(stream, 0, ":status", "200").data(stream, 0, "abc");
                peer.frame(H2Client.RST_STREAM, 0, stream, H2Client.INTERNAL_ERROR);
            }
        };
        try (RawServer backend = serving(script);
                TestProxy proxy = proxy(backend);
                H2Client client = H2Client.connect(proxy.port());
                RawClient old = RawClient.connect(proxy.port())) {
            Answer answer = client.get(1, "/").answer(1);
            assertThat(answer.whole()).isFalse();
            assertThat(answer.reset()).isEqualTo(H2Client.INTERNAL_ERROR);
            assertThat(old.get("/").whole()).isFalse();
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void answersForABackendThatDoesNotAnswer() {
        Backend script = (peer, connection) -> {
            peer.answer(peer.awaitRequest());
            peer.await(H2Client.RST_STREAM);
            answerAll(peer, connection);
        };
        try (RawServer backend = serving(script);
                TestProxy proxy = proxy(backend);
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.get("/").status()).isEqualTo(504);
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void refusesAnAnswerThatIsMalformed() {
        String[][] malformed = {
            {"x", "1"},
            {":status", "99"},
            {":status", "2000"},
            {":status", "101"},
            {":status", "200", "connection", "close"},
            {":status", "200", "X-Upper", "1"},
            {":status", "200", "x", "a\nb"},
            {":status", "200", ":status", "200"},
            {":status", "200", ":method", "GET"},
            {":status", "200", "te", "gzip"},
            {":status", "200", "", "1"},
            {":status", "200", "x", " a"},
            {":status", "200", ":path", "/"},
            {":status", "200", "content-length", "1", "content-length", "2"}
        };
        for (String[] head : malformed) {
            Backend script = (peer, connection) -> {
                for (int stream; (stream = peer.awaitRequest()) > 0; ) {
                    peer.headers(stream, END_STREAM, head);
                }
            };
            try (RawServer backend = serving(script);
                    TestProxy proxy = proxy(backend);
                    RawClient client = RawClient.connect(proxy.port())) {
                assertThat(client.get("/").status()).as(String.join(" ", head)).isEqualTo(502);
            }
        }
    }

    /** Two hundred interim answers before the final one (RFC 9110 section 15.2). */
    @Test
    void passesManyInterimAnswersOn() {
        Backend script = (peer, connection) -> {
            int stream = peer.awaitRequest();
            for (int i = 0; i < 200; i++) {
                peer.headers(stream, 0, ":status", "103", "link", "</" + i + ">");
            }
            peer.headers(stream, 0, ":status", "200").data(stream, END_STREAM, "x".repeat(4000));
            peer.await(H2Client.GOAWAY);
        };
        try (RawServer backend = serving(script);
                TestProxy proxy = proxy(backend);
                H2Client client = H2Client.connect(proxy.port())) {
            Answer answer = client.get(1, "/").answer(1);
            assertThat(answer.interim()).hasSize(200);
            assertThat(answer.text()).hasSize(4000);
        }
    }

    /** RFC 9113 section 5.1.2: no more at a time than the backend allows, and the others wait for a place. */
    @Test
    void keepsToTheStreamsTheBackendAllows() {
        Backend script = (peer, connection) -> {
            peer.setting(3, 1);
            answerAll(peer, connection);
        };
        try (RawServer backend = serving(script);
                TestProxy proxy = proxy(backend, "limits: {connections: 1}");
                H2Client client = H2Client.connect(proxy.port())) {
            assertThat(client.get(1, "/").answer(1).text()).isEqualTo("ok");
            for (int i = 1; i <= 10; i++) {
                client.get(1 + 2 * i, "/");
            }
            for (int i = 1; i <= 10; i++) {
                assertThat(client.answer(1 + 2 * i).text()).isEqualTo("ok");
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void tellsTheBackendWhenTheClientHasLeft() {
        List<Integer> resets = new CopyOnWriteArrayList<>();
        AtomicInteger asked = new AtomicInteger();
        Backend script = (peer, connection) -> {
            asked.set(peer.awaitRequest());
            H2Client.Frame reset = peer.await(H2Client.RST_STREAM);
            resets.add(reset == null ? -1 : reset.number(0));
        };
        try (RawServer backend = serving(script);
                TestProxy proxy = proxy(backend, "timeouts: {response: 9s}");
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, request("POST", "/"));
            Awaitility.await().until(() -> asked.get() > 0);
            client.frame(H2Client.RST_STREAM, 0, 1, H2Client.CANCEL);
            Awaitility.await().until(() -> resets.equals(List.of(H2Client.CANCEL)) || resets.equals(List.of(-1)));
        }
    }

    /** RFC 9113 section 5.2: the backend sends no more than the client takes. */
    @Test
    void holdsTheBackendBackForASlowClient() {
        AtomicInteger written = new AtomicInteger();
        Backend script = (peer, connection) -> {
            int stream = peer.awaitRequest();
            peer.headers(stream, 0, ":status", "200");
            int window = 65_535;
            while (true) {
                while (window < 16_384) {
                    H2Client.Frame update = peer.await(H2Client.WINDOW_UPDATE);
                    if (update == null) {
                        return;
                    }
                    window += update.stream() == stream ? update.number(0) : 0;
                }
                peer.data(stream, 0, new byte[16_384]);
                written.addAndGet(16_384);
                window -= 16_384;
            }
        };
        try (RawServer backend = serving(script);
                TestProxy proxy = proxy(backend, "timeouts: {response: 9s}");
                H2Client client = H2Client.connect(proxy.port())) {
            client.get(1, "/");
            while (client.soFar(1).body().length < 65_535) {
                client.next();
            }
            assertThat(client.ping()).isTrue();
            assertThat(written.get()).isLessThan(65_535 * 3);
        }
    }

    @Test
    void probesInTheProtocolThatIsSpoken() {
        List<String> probes = new CopyOnWriteArrayList<>();
        Backend script = (peer, connection) -> {
            for (int stream; (stream = peer.awaitRequest()) > 0; ) {
                String path = String.valueOf(peer.soFar(stream).field(":path"));
                if (path.equals("/healthz")) {
                    probes.add(String.valueOf(peer.soFar(stream).field("user-agent")));
                }
                // The second probe and those after it are answered with a status that is not good.
                boolean good = !path.equals("/healthz") || probes.size() < 2;
                peer.headers(stream, END_STREAM, ":status", good ? "204" : "500");
            }
        };
        try (RawServer backend = serving(script);
                TestProxy proxy = proxy(
                        backend, "healthCheck: {path: /healthz, interval: 100ms, timeout: 90ms, unhealthyAfter: 2}")) {
            Awaitility.await().until(() -> probes.size() >= 4);
            assertThat(probes).containsOnly("turnout-health");
            Awaitility.await().untilAsserted(() -> {
                try (RawClient client = RawClient.connect(proxy.port())) {
                    assertThat(client.get("/").status()).isIn(204, 503);
                }
            });
        }
    }
}
