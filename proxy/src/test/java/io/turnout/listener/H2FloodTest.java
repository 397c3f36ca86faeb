package io.turnout.listener;

import static io.turnout.testing.H2Client.CONTINUATION;
import static io.turnout.testing.H2Client.DATA;
import static io.turnout.testing.H2Client.END_STREAM;
import static io.turnout.testing.H2Client.ENHANCE_YOUR_CALM;
import static io.turnout.testing.H2Client.HEADERS;
import static io.turnout.testing.H2Client.PING;
import static io.turnout.testing.H2Client.PRIORITY;
import static io.turnout.testing.H2Client.RST_STREAM;
import static io.turnout.testing.H2Client.SETTINGS;
import static io.turnout.testing.H2Client.WINDOW_UPDATE;
import static io.turnout.testing.H2Client.block;
import static io.turnout.testing.H2Client.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.H2Client;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** RFC 9113 section 10.5: nobody keeps us busy for nothing. */
class H2FloodTest {
    private static final int PIECES = 20_000;

    private record Flood(String frames, BiConsumer<H2Client, Integer> piece) {}

    private static final List<Flood> FLOODS = List.of(
            new Flood("PING (CVE-2019-9512)", (c, i) -> c.frame(PING, 0, 0, new byte[8])),
            new Flood("PING answers nobody asked for", (c, i) -> c.frame(PING, 1, 0, new byte[8])),
            new Flood("SETTINGS (CVE-2019-9515)", (c, i) -> c.frame(SETTINGS, 0, 0)),
            new Flood("SETTINGS acknowledgements", (c, i) -> c.frame(SETTINGS, 1, 0)),
            new Flood("PRIORITY (CVE-2019-9513)", (c, i) -> c.frame(PRIORITY, 0, 1 + 2 * i, new byte[5])),
            new Flood("unknown types", (c, i) -> c.frame(0x42, 0, 0, new byte[1])),
            new Flood("WINDOW_UPDATE", (c, i) -> c.frame(WINDOW_UPDATE, 0, 0, 1)),
            new Flood(
                    "rapid reset (CVE-2023-44487)",
                    (c, i) -> c.get(1 + 2 * i, "/").frame(RST_STREAM, 0, 1 + 2 * i, 8)),
            new Flood("RST_STREAM on a closed stream", (c, i) -> {
                if (i == 0) {
                    c.headers(1, 0, request("POST", "/"));
                }
                c.frame(RST_STREAM, 0, 1, 8);
            }),
            new Flood(
                    "made resets (CVE-2025-8671)",
                    (c, i) -> c.headers(1 + 2 * i, 0, request("POST", "/")).frame(WINDOW_UPDATE, 0, 1 + 2 * i, 0)),
            new Flood("malformed requests", (c, i) -> c.get(1 + 2 * i, "/", "X-Upper", "1")),
            new Flood("empty DATA (CVE-2019-9518)", (c, i) -> {
                if (i == 0) {
                    c.headers(1, 0, request("POST", "/"));
                }
                c.frame(DATA, 0, 1);
            }),
            new Flood("CONTINUATION (CVE-2024-30255)", (c, i) -> {
                if (i == 0) {
                    c.frame(HEADERS, END_STREAM, 1, block(request("GET", "/")));
                }
                c.frame(CONTINUATION, 0, 1);
            }));

    @TestFactory
    Stream<DynamicTest> endsTheConnectionOfAFlood() {
        return FLOODS.stream()
                .map(flood -> DynamicTest.dynamicTest(flood.frames, () -> {
                    try (RawServer backend = RawServer.start(connection -> connection.readUntil("never"));
                            TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                            H2Client client = H2Client.connect(proxy.port())) {
                        boolean cut = false;
                        for (int i = 0; i < PIECES && !cut; i++) {
                            try {
                                flood.piece.accept(client, i);
                            } catch (UncheckedIOException e) {
                                cut = true;
                            }
                        }
                        int error = client.connectionError();
                        assertThat(error).isEqualTo(ENHANCE_YOUR_CALM);
                        if (!flood.frames.startsWith("CONT")) {
                            assertThat(proxy.counted(Count.REFUSED_FLOOD)).isEqualTo(1);
                        }
                        assertThat(backend.connections()).isLessThan(500);
                    }
                }));
    }

    /** RFC 9113 section 5.1.2: from the first frame on, also for a client that never acknowledges our SETTINGS. */
    @Test
    void refusesStreamsBeyondTheLimitBeforeABackendSeesThem() {
        try (RawServer backend = RawServer.start(connection -> connection.readUntil("never"));
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            for (int i = 0; i < 101; i++) {
                client.get(1 + 2 * i, "/");
            }
            assertThat(client.answer(201).reset()).isEqualTo(H2Client.REFUSED_STREAM);
            org.awaitility.Awaitility.await().until(() -> backend.connections() == 100);
            assertThat(client.ping()).isTrue();
            assertThat(backend.connections()).isEqualTo(100);
        }
    }

    /** RFC 9113 section 10.5.1: a small block that expands into a large list. */
    @Test
    void endsTheConnectionForAHeaderBomb() {
        try (RawServer backend = RawServer.saying("ok");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            byte[] first = block(request("GET", "/"));
            byte[] bomb = new byte[first.length + 4000 + 16_000 - first.length - 4000];
            System.arraycopy(first, 0, bomb, 0, first.length);
            int at = first.length;
            // One field of 3900 octets into the table, then by its index as often as fits.
            bomb[at++] = 0x40;
            bomb[at++] = 1;
            bomb[at++] = 'x';
            bomb[at++] = 0x7f;
            bomb[at++] = (byte) ((3900 - 127) % 128 | 128);
            bomb[at++] = (byte) ((3900 - 127) / 128);
            java.util.Arrays.fill(bomb, at, at + 3900, (byte) 'a');
            java.util.Arrays.fill(bomb, at + 3900, bomb.length, (byte) (0x80 | 62));
            client.frame(HEADERS, END_STREAM | H2Client.END_HEADERS, 1, bomb);
            assertThat(client.answer(1).status()).isIn(0, 431);
            assertThat(backend.connections()).isZero();
        }
    }
}
