package io.turnout.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.io.IOException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a connection ends whose client wants it to (RFC 9112 section 9.6). The clock stands still: nobody tires of waiting. */
class LastRequestTest {
    private RawServer backend;
    private TestProxy proxy;

    @BeforeEach
    void start() throws IOException {
        backend = RawServer.saying("last");
        proxy = TestProxy.startWithoutTime(TestProxy.to(backend.port()));
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        backend.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"})
    void isOverWithTheAnswerWhenNothingElseCanCome(String request) throws Exception {
        try (RawClient client = RawClient.connect(proxy.port())) {
            client.send(request);
            assertThat(client.readAll()).endsWith("last");
            Awaitility.await().until(() -> proxy.counted(Count.CONNECTIONS_OPEN) == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
            })
    void waitsForTheClientsEndWhenMoreMayCome(String request) throws Exception {
        try (RawClient client = RawClient.connect(proxy.port())) {
            client.send(request);
            assertThat(client.readAll()).endsWith("last").containsOnlyOnce("HTTP/1.1 200");
            client.send("\r\n");
            assertThat(openBesidesOneMore()).isEqualTo(1);
        }
        Awaitility.await().until(() -> proxy.counted(Count.CONNECTIONS_OPEN) == 0);
    }

    @Test
    void waitsForTheClientsEndBehindARefusal() throws Exception {
        try (RawClient client = RawClient.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nConnection: close\r\nHost : a\r\n\r\n");
            assertThat(client.readAll()).startsWith("HTTP/1.1 400");
            assertThat(openBesidesOneMore()).isEqualTo(1);
        }
    }

    /** Counted after a request of another client, by when the one event loop has done whatever it had begun before. */
    private long openBesidesOneMore() {
        try (RawClient other = RawClient.connect(proxy.port())) {
            assertThat(other.get("/").status()).isEqualTo(200);
            return proxy.counted(Count.CONNECTIONS_OPEN) - 1;
        }
    }
}
