package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.Patience;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A client's FIN behind several requests (RFC 9112 section 9.6). */
class HalfCloseTest {
    @Test
    void answersAllRequestsInFrontOfIt() throws Exception {
        try (RawServer backend = RawServer.saying("late");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            String get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
            client.send(get + "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get + "GET / HT");
            client.socket().shutdownOutput();
            assertThat(client.readAll().split("HTTP/1.1 200 OK", -1)).hasSize(4);
            assertThat(backend.heads()).hasSize(3);
        }
    }

    @Test
    void givesAnAnswerLargerThanAllBuffersToAClientThatHalfClosedAndIsSlowToRead() throws Exception {
        int length = 32 << 20;
        CountDownLatch stuck = new CountDownLatch(1);
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
                    byte[] piece = new byte[1 << 20];
                    for (int sent = 0; sent < length; sent += piece.length) {
                        connection.write(piece);
                        stuck.countDown();
                    }
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connectWithSmallWindow(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.socket().shutdownOutput();
            assertThat(stuck.await(Patience.LIMIT_MILLIS, TimeUnit.MILLISECONDS))
                    .isTrue();
            assertThat(client.read().body()).hasSize(length);
        }
    }

    @Test
    void neverTakesHalfARequestForAWholeOne() throws Exception {
        try (RawServer backend = RawServer.saying("late");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
            client.socket().shutdownOutput();
            assertThat(client.readAll()).containsOnlyOnce("HTTP/1.1 200 OK").doesNotContain("HTTP/1.1 4");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void keepsNothingOfAClientThatResetsBehindItsFin() throws Exception {
        // CVE-2026-42577: with input closed already, a reset may come unnoticed
        CountDownLatch answer = new CountDownLatch(1);
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    try {
                        answer.await(60, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Awaitility.await().until(() -> backend.heads().size() == 1);
            client.socket().shutdownOutput();
            client.socket().setSoLinger(true, 0);
            client.socket().close();
            answer.countDown();
            Awaitility.await().untilAsserted(() -> {
                assertThat(proxy.counted(Count.EXCHANGES_ACTIVE)).isZero();
                assertThat(proxy.counted(Count.CONNECTIONS_OPEN)).isZero();
            });
        }
    }
}
