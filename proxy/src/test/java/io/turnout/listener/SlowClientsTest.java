package io.turnout.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two hundred clients that are slow in one way each: others are served meanwhile, and each is ended by its deadline. */
class SlowClientsTest {
    private static final int CLIENTS = 200;
    private static final int BIG = 8 << 20;

    /** What a slow client may hold of the buffers: what is written and not sent, and one read from the other side. */
    private static final long HELD_BYTES = 256 * 1024;

    private RawServer backend;
    private TestProxy proxy;
    private final List<RawClient> slow = new ArrayList<>();

    @BeforeEach
    void start() {
        byte[] big = new byte[BIG];
        backend = RawServer.start(connection -> {
            for (String head; !(head = connection.readHead()).isEmpty(); ) {
                if (head.startsWith("GET /big")) {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + BIG + "\r\n\r\n");
                    connection.write(big);
                } else if (head.startsWith("POST")) {
                    connection.readUntil("never");
                } else {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                }
            }
        });
        proxy = TestProxy.start(TestProxy.to(backend.port())
                .replace(
                        "address: 127.0.0.1:0",
                        "address: 127.0.0.1:0, timeouts: {header: 1s, body: 1s, idle: 2s}, limits: {minRate: 1KiB}"));
    }

    @AfterEach
    void stop() {
        slow.forEach(RawClient::close);
        proxy.close();
        backend.close();
    }

    private void holdsNobodyUp(Consumer<RawClient> begins, String drips) {
        for (int i = 0; i < CLIENTS; i++) {
            RawClient client = RawClient.connectWithSmallWindow(proxy.port());
            slow.add(client);
            begins.accept(client);
        }
        Awaitility.await()
                .pollInterval(Duration.ofMillis(100))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    try (RawClient other = RawClient.connect(proxy.port())) {
                        assertThat(other.get("/").text()).isEqualTo("ok");
                    }
                    slow.forEach(client -> drip(client, drips));
                    assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory())
                            .isLessThan(CLIENTS * HELD_BYTES);
                    // All slow ones are gone; those that are served come and go.
                    return proxy.counted(Count.CONNECTIONS_OPEN) <= 1;
                });
        Awaitility.await().until(() -> proxy.counted(Count.EXCHANGES_ACTIVE) == 0);
    }

    private static void drip(RawClient client, String octets) {
        try {
            client.send(octets);
        } catch (UncheckedIOException e) {
            // It has been ended, which is what is waited for.
        }
    }

    @Test
    void slowHeads() {
        holdsNobodyUp(client -> client.send("GET / HTTP/1.1\r\nHost: a\r\n"), "X: 1\r\n");
        assertThat(proxy.counted(Count.REFUSED_TOO_SLOW)).isEqualTo(CLIENTS);
    }

    @Test
    void slowBodies() {
        holdsNobodyUp(
                client -> client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"),
                "1\r\nx\r\n");
        assertThat(proxy.counted(Count.REFUSED_TOO_SLOW)).isEqualTo(CLIENTS);
    }

    @Test
    void slowReaders() {
        holdsNobodyUp(client -> client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n"), "");
        assertThat(proxy.counted(Count.CUT_SLOW_READERS)).isEqualTo(CLIENTS);
    }
}
