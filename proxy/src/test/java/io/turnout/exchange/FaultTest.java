package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.turnout.model.Outcome;
import io.turnout.telemetry.PoolMeter;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawClient.Answer;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a backend does wrong never looks right to a client, and is retried only where that is safe. */
class FaultTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static String pool(String timeouts, int... ports) {
        StringBuilder endpoints = new StringBuilder();
        for (int port : ports) {
            endpoints
                    .append(endpoints.isEmpty() ? "" : ", ")
                    .append("127.0.0.1:")
                    .append(port);
        }
        return TestProxy.split(
                "only: 1", "only: {endpoints: [" + endpoints + "], timeouts: {" + timeouts + "}, balance: roundRobin}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "garbage\\r\\n\\r\\n",
                "HTTP/1.1 20 OK\\r\\n\\r\\n",
                "HTTP/1.1 2000 OK\\r\\n\\r\\n",
                "HTTP/1.1 099 OK\\r\\n\\r\\n",
                "HTTP/1.1 600 OK\\r\\n\\r\\n",
                "HTTP/2.0 200 OK\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nContent-Length: x\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\nab",
                "HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: gzip\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\n folded: 1\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nnocolon\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\nContent-Length: 0\\n\\n",
                "HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: x\\r\\n\\r\\n",
            })
    void answers502WhenTheAnswerIsNotHttp(String octets) {
        try (RawServer backend = RawServer.answering(octets.replace("\\r", "\r").replace("\\n", "\n"));
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            Answer answer = client.get("/");
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.field("proxy-status")).isEqualTo("turnout; error=http_protocol_error");
            assertThat(proxy.totals("all", "only").finished(Outcome.INVALID_ANSWER))
                    .isEqualTo(1);
        }
    }

    @Test
    void answers502WhenNobodyListens() {
        int port;
        try (RawServer gone = RawServer.saying("")) {
            port = gone.port();
        }
        try (TestProxy proxy = TestProxy.start(TestProxy.to(port));
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.get("/").status()).isEqualTo(502);
            assertThat(client.get("/").field("proxy-status")).isEqualTo("turnout; error=connection_refused");
            assertThat(proxy.totals("all", "only").finished(Outcome.CONNECT_FAILED))
                    .isEqualTo(2);
            assertThat(proxy.totals("all", "only").charged()).isEqualTo(2);
        }
    }

    @Test
    void answers504WhenTheBackendIsSilent() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.read();
                });
                TestProxy proxy = TestProxy.start(pool("response: 200ms", backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.get("/").status()).isEqualTo(504);
            assertThat(proxy.totals("all", "only").finished(Outcome.TIMEOUT)).isEqualTo(1);
        }
    }

    @Test
    void cutsAnAnswerThatStandsStill() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    connection.read();
                });
                TestProxy proxy = TestProxy.start(pool("idle: 200ms", backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            Answer answer = client.get("/");
            assertThat(answer.whole()).isFalse();
            assertThat(proxy.totals("all", "only").finished(Outcome.TIMEOUT)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"Content-Length: 10,half", "Transfer-Encoding: chunked,'a\r\nhalf'"})
    void neverEndsACutAnswerCleanly(String framing, String part) {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n" + part);
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            Answer answer = client.get("/");
            assertThat(answer.whole()).isFalse();
            assertThat(client.isClosed()).isTrue();
            assertThat(proxy.totals("all", "only").finished(Outcome.TRUNCATED)).isEqualTo(1);
        }
    }

    @Test
    void passesOnAnAnswerThatTheBackendGaveBeforeItStoppedReading() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 413 Too Much\r\nContent-Length: 4\r\nConnection: close\r\n\r\nmuch");
                    // With part of the request unread, this is a reset.
                    connection.cut();
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + "x".repeat(100_000));
            Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.text()).isEqualTo("much");
        }
    }

    @Test
    void retriesWhenAReusedConnectionDies() {
        AtomicInteger served = new AtomicInteger();
        try (RawServer backend = RawServer.start(connection -> {
                    while (!connection.readHead().isEmpty()) {
                        if (served.incrementAndGet() == 2) {
                            return;
                        }
                        connection.write(OK);
                    }
                });
                TestProxy proxy =
                        TestProxy.start(TestProxy.to(backend.port()), 1, io.turnout.listener.Transport.Wish.AUTO);
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.get("/1").status()).isEqualTo(200);
            assertThat(client.get("/2").status()).isEqualTo(200);
            assertThat(served.get()).isEqualTo(3);
            assertThat(proxy.totals("all", "only").retried()).isEqualTo(1);
            assertThat(proxy.totals("all", "only").charged()).isEqualTo(1);
        }
    }

    @Test
    void losesNoneOfTheRequestsThatADyingMemberHolds() throws InterruptedException {
        CountDownLatch dying = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(20);
        try (RawServer doomed = RawServer.start(connection -> {
                    while (connection.readHead().startsWith("GET /quick")) {
                        connection.write(OK);
                    }
                    held.countDown();
                    awaitQuietly(dying);
                });
                RawServer well = RawServer.answering(OK);
                TestProxy proxy = TestProxy.start(
                        pool("connect: 5s", doomed.port(), well.port()), 1, io.turnout.listener.Transport.Wish.AUTO)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                RawClient client = RawClient.connect(proxy.port());
                clients.add(client);
                for (int j = 0; j < 4; j++) {
                    assertThat(client.get("/quick").status()).isEqualTo(200);
                }
            }
            clients.forEach(client -> client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"));
            held.await();
            dying.countDown();
            for (RawClient client : clients) {
                assertThat(client.read().status()).isEqualTo(200);
                client.close();
            }
            assertThat(proxy.totals("all", "only").retried()).isEqualTo(20);
        }
    }

    @Test
    void asksAPoolThatGoesOnFailingOnlyAFifthMore() {
        AtomicLong nanos = new AtomicLong(System.nanoTime());
        try (RawServer backend = RawServer.start(RawServer.Connection::readHead);
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()), nanos::get)) {
            assertThat(asked(proxy, backend, 200)).isEqualTo(240);
            assertThat(proxy.pool("only").meter().read(PoolMeter.Count.REJECTED_RETRY))
                    .isEqualTo(160);
            // A minute later all of that is forgotten, and a few are retried however many were.
            nanos.addAndGet(60_000_000_000L);
            Awaitility.await().pollInSameThread().until(() -> asked(proxy, backend, 1) == 2);
            assertThat(asked(proxy, backend, 8)).isEqualTo(16);
        }
    }

    @Test
    void paysForARetryOfARetryLikeForTheFirst() {
        long now = System.nanoTime();
        try (RawServer backend = RawServer.start(RawServer.Connection::readHead);
                TestProxy proxy = TestProxy.start(
                        TestProxy.to(backend.port())
                                .replace("split: {only: 1}", "split: {only: 1}, retry: {attempts: 2}"),
                        () -> now)) {
            assertThat(asked(proxy, backend, 2)).isEqualTo(6);
            assertThat(asked(proxy, backend, 98)).isEqualTo(114);
        }
    }

    @Test
    void holdsAStandstillOfItsOwnAgainstNobody() {
        AtomicLong nanos = new AtomicLong(System.nanoTime());
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch slow = new CountDownLatch(1);
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    awaitQuietly(slow);
                    connection.write(OK);
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()), () -> {
                    looks.incrementAndGet();
                    return nanos.get();
                });
                RawClient waiting = RawClient.connect(proxy.port());
                RawClient half = RawClient.connect(proxy.port())) {
            waiting.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            half.send("GET / HTTP/1.1\r\nHo");
            Awaitility.await().until(() -> !backend.heads().isEmpty());
            nanos.addAndGet(3_600_000_000_000L);
            int before = looks.get();
            Awaitility.await().until(() -> looks.get() > before + 3);
            slow.countDown();
            assertThat(waiting.read().status()).isEqualTo(200);
            assertThat(half.send("st: a\r\n\r\n").read().status()).isEqualTo(200);
        }
    }

    /** How often a backend that never answers is asked when so many requests are made. */
    private static int asked(TestProxy proxy, RawServer backend, int requests) {
        int before = backend.heads().size();
        for (int i = 0; i < requests; i++) {
            try (RawClient client = RawClient.connect(proxy.port())) {
                assertThat(client.get("/").status()).isEqualTo(502);
            }
        }
        return backend.heads().size() - before;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void neverSendsAPostTwice() {
        AtomicInteger served = new AtomicInteger();
        try (RawServer backend = RawServer.start(connection -> {
                    while (!connection.readHead().isEmpty()) {
                        if (served.incrementAndGet() == 2) {
                            return;
                        }
                        connection.write(OK);
                    }
                });
                TestProxy proxy =
                        TestProxy.start(TestProxy.to(backend.port()), 1, io.turnout.listener.Transport.Wish.AUTO);
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.get("/1").status()).isEqualTo(200);
            client.send("POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(502);
            assertThat(served.get()).isEqualTo(2);
        }
    }

    @Test
    void asksAnotherEndpointWhenOneRefusesEvenForAPost() {
        int refusing;
        try (RawServer gone = RawServer.saying("")) {
            refusing = gone.port();
        }
        try (RawServer backend = RawServer.saying("ok");
                TestProxy proxy = TestProxy.start(pool("connect: 1s", refusing, backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            for (int i = 0; i < 10; i++) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
                assertThat(client.read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void closesAnIdleConnectionOnWhichSomethingArrives() {
        AtomicInteger served = new AtomicInteger();
        try (RawServer backend = RawServer.start(connection -> {
                    while (!connection.readHead().isEmpty()) {
                        connection.write(OK);
                        if (served.incrementAndGet() == 1) {
                            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                        }
                    }
                });
                TestProxy proxy =
                        TestProxy.start(TestProxy.to(backend.port()), 1, io.turnout.listener.Transport.Wish.AUTO);
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.get("/").text()).isEqualTo("ok");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(client.get("/").text()).isEqualTo("ok"));
            assertThat(backend.connections()).isGreaterThan(1);
        }
    }

    @Test
    void tellsTheBackendWhenTheClientLeavesHalfWay() {
        AtomicInteger ended = new AtomicInteger();
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    while (connection.read() >= 0) {
                        ended.compareAndSet(0, 1);
                    }
                    ended.set(2);
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()))) {
            RawClient client = RawClient.connect(proxy.port());
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
            Awaitility.await().untilAtomic(ended, org.hamcrest.Matchers.equalTo(1));
            client.close();
            Awaitility.await().untilAtomic(ended, org.hamcrest.Matchers.equalTo(2));
            Awaitility.await().until(() -> proxy.totals("all", "only").finished(Outcome.CLIENT_GONE) == 1);
            assertThat(proxy.totals("all", "only").charged()).isZero();
        }
    }

    @Test
    void givesUpOnABackendThatNeverComesToItsFinalAnswer() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    while (true) {
                        connection.write("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100));
                    }
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port());
                RawClient old = RawClient.connect(proxy.port())) {
            Answer answer = client.get("/");
            while (answer.status() == 103) {
                answer = client.read();
            }
            assertThat(answer.status()).isEqualTo(502);
            assertThat(old.send("GET / HTTP/1.0\r\n\r\n").read().status()).isEqualTo(502);
        }
    }

    @Test
    void readsInterimAnswersOnlyAsFastAsTheClientTakesThem() {
        String interim = "HTTP/1.1 103 Early Hints\r\nLink: <" + "a".repeat(8000) + ">\r\n\r\n";
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    for (int i = 0; i < 2000; i++) {
                        connection.write(interim);
                    }
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connectWithSmallWindow(proxy.port())) {
            long before = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
            Answer answer = client.get("/");
            while (answer.status() == 103) {
                assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() - before)
                        .isLessThan(1 << 20);
                answer = client.read();
            }
            assertThat(answer.text()).isEqualTo("ok");
        }
    }

    @Test
    void passesTwoHundredInterimAnswersAndThenTheBody() {
        StringBuilder answers = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            answers.append("HTTP/1.1 103 Early Hints\r\nLink: <").append(i).append(">\r\n\r\n");
        }
        answers.append("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n").append("x".repeat(4000));
        try (RawServer backend = RawServer.answering(answers.toString());
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            Answer answer = client.get("/");
            for (int i = 0; i < 200; i++) {
                assertThat(answer.status()).isEqualTo(103);
                answer = client.read();
            }
            assertThat(answer.text()).hasSize(4000);
        }
    }

    @Test
    void countsTheExchangesThatAreCutWhenTheTimeToDrainIsOver() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.read();
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Awaitility.await().until(() -> !backend.heads().isEmpty());
            assertThat(proxy.plane().drain(1)).isEqualTo(1);
            Awaitility.await().until(() -> proxy.counted(io.turnout.telemetry.LoopMeter.Count.CUT_BY_SHUTDOWN) == 1);
        }
    }
}
