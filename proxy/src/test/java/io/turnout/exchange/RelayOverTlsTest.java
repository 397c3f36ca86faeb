package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import io.turnout.testing.Wire;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same with TLS on both sides. */
class RelayOverTlsTest extends RelayTest {
    @BeforeEach
    void speakTls() {
        Wire.useTls();
    }

    @AfterEach
    void speakPlain() {
        Wire.usePlain();
    }

    @Override
    String scheme() {
        return "https";
    }

    /** There is no half of a TLS connection: a close_notify ends both directions, and the exchange with them. */
    @Override
    @Test
    void answersAClientThatHasClosedItsSide() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    while (connection.read() >= 0) {}
                    gone.countDown();
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await().until(() -> !backend.heads().isEmpty());
            client.socket().shutdownOutput();
            assertThat(client.readAll()).isEmpty();
            gone.await();
            await().untilAsserted(() ->
                    assertThat(proxy.counted(Count.EXCHANGES_ACTIVE)).isZero());
        }
    }
}
