package io.turnout.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestCertificates;
import io.turnout.testing.TestProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever clients do in and after their handshakes, at random: each gives its place back, once. */
class HandshakeFaultsTest {
    private static final long SEED = Long.getLong("prop.seed", 20_261_121L);
    private static final int CONNECTIONS = 800;
    private static final int OPEN_AT_ONCE = 6;
    private static final int PLACES = 2;

    @TempDir
    private Path folder;

    /** What a client says before it goes. */
    private enum Opening {
        NOTHING,
        HALF_A_HELLO,
        HELLO,
        HELLO_AND_GARBAGE,
        GARBAGE,
        PLAIN_HTTP
    }

    /** How it goes. */
    private enum Parting {
        CLOSE,
        END_OF_OUTPUT,
        RESET
    }

    @Test
    void givesEachPlaceBackOnce() throws IOException {
        TestCertificates certificates = new TestCertificates(folder);
        certificates.issue("shop", "shop.test");
        Random random = new Random(SEED);
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(certificates, backend.port()), 1, Transport.Wish.AUTO)) {
            Deque<Socket> open = new ArrayDeque<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                if (random.nextInt(8) == 0) {
                    askProperly(certificates, proxy.port());
                } else {
                    open.add(begun(proxy.port(), any(Opening.values(), random), random));
                }
                if (open.size() > random.nextInt(OPEN_AT_ONCE)) {
                    part(open.remove(), any(Parting.values(), random));
                }
            }
            for (Socket rest : open) {
                rest.close();
            }
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(proxy.counted(Count.CONNECTIONS_OPEN))
                            .as("-Dprop.seed=%d", SEED)
                            .isZero());
            assertPlacesAreFree(proxy.port());
        }
    }

    private static String yaml(TestCertificates certificates, int backend) {
        return "listeners: [{name: web, address: 127.0.0.1:0, tls: {certificates: [" + certificates.yaml("shop")
                + "], handshakes: " + PLACES + "}}]\n"
                + "pools: {all: [127.0.0.1:" + backend + "]}\n"
                + "routes: [{name: all, split: {all: 1}}]\n";
    }

    private static <T> T any(T[] values, Random random) {
        return values[random.nextInt(values.length)];
    }

    /** A request over a handshake that comes to its end, unless there is no place for it. */
    private static void askProperly(TestCertificates certificates, int port) {
        try (RawClient client =
                RawClient.over(TestCertificates.connect(certificates.context(null), port, "shop.test"))) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(200);
        } catch (UncheckedIOException refused) {
            assertThat(refused).hasRootCauseInstanceOf(IOException.class);
        }
    }

    private static Socket begun(int port, Opening opening, Random random) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        byte[] hello = TlsBytes.hello();
        byte[] garbage = new byte[1 + random.nextInt(64)];
        random.nextBytes(garbage);
        byte[] said = switch (opening) {
            case NOTHING -> new byte[0];
            case HALF_A_HELLO -> Arrays.copyOf(hello, 1 + random.nextInt(hello.length - 1));
            case HELLO, HELLO_AND_GARBAGE -> hello;
            case GARBAGE -> garbage;
            case PLAIN_HTTP -> "GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        };
        try {
            socket.getOutputStream().write(said);
            if (opening == Opening.HELLO_AND_GARBAGE) {
                socket.getOutputStream().write(garbage);
            }
        } catch (SocketException refused) {
            // The proxy was quicker.
        }
        return socket;
    }

    private static void part(Socket socket, Parting parting) throws IOException {
        try (socket) {
            switch (parting) {
                case RESET -> socket.setSoLinger(true, 0);
                case END_OF_OUTPUT -> {
                    socket.shutdownOutput();
                    socket.setSoTimeout(30_000);
                    socket.getInputStream().readAllBytes();
                }
                case CLOSE -> {}
            }
        } catch (SocketException gone) {
            // The proxy was quicker.
        }
    }

    private static void assertPlacesAreFree(int port) throws IOException {
        try (Socket first = Objects.requireNonNull(TlsBytes.greeted(port), "the first place");
                Socket second = Objects.requireNonNull(TlsBytes.greeted(port), "the second place");
                Socket third = TlsBytes.greeted(port)) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            assertThat(third).as("a client too many, -Dprop.seed=%d", SEED).isNull();
        }
    }
}
