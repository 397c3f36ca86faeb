package io.turnout.listener;

import static io.turnout.testing.H2Client.CONTINUATION;
import static io.turnout.testing.H2Client.DATA;
import static io.turnout.testing.H2Client.END_STREAM;
import static io.turnout.testing.H2Client.ENHANCE_YOUR_CALM;
import static io.turnout.testing.H2Client.HEADERS;
import static io.turnout.testing.H2Client.NO_ERROR;
import static io.turnout.testing.H2Client.octets;
import static io.turnout.testing.H2Client.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.H2Client;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that is slow with its header block or its content is ended by the same deadlines as in HTTP/1. */
class H2SlowClientsTest {
    /** RFC 9113 section 6.5.2. */
    private static final int INITIAL_WINDOW_SIZE = 4;

    private RawServer backend;
    private TestProxy proxy;
    private H2Client client;

    @BeforeEach
    void start() {
        backend = RawServer.start(connection -> {
            for (String head; !(head = connection.readHead()).isEmpty(); ) {
                if (head.startsWith("POST")) {
                    connection.readUntil("never");
                } else {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                }
            }
        });
        proxy = TestProxy.start(TestProxy.to(backend.port())
                .replace(
                        "address: 127.0.0.1:0",
                        "address: 127.0.0.1:0, timeouts: {header: 1s, body: 1s, idle: 20s}, limits: {minRate: 1KiB}"));
        client = H2Client.connect(proxy.port());
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        backend.close();
    }

    /** Sends an octet from time to time until the refusal is counted; the connection may be gone by then. */
    private void dripUntilRefused(Runnable drip) {
        Awaitility.await().pollInterval(Duration.ofMillis(100)).until(() -> {
            try {
                drip.run();
            } catch (UncheckedIOException e) {
                // Ended, which is what is waited for.
            }
            return proxy.counted(Count.REFUSED_TOO_SLOW) == 1;
        });
    }

    @Test
    void endsAConnectionWhoseHeaderBlockDripsInsideAFrame() {
        assertThat(client.get(1, "/").answer(1).status()).isEqualTo(200);
        byte[] frame = octets(HEADERS, END_STREAM | H2Client.END_HEADERS, 3, H2Client.block(request("GET", "/")));
        int[] sent = {0};
        dripUntilRefused(() -> client.send(new byte[] {frame[sent[0]++]}));
        assertThat(client.connectionError()).isEqualTo(ENHANCE_YOUR_CALM);
    }

    @Test
    void endsAConnectionWhoseHeaderBlockDripsByContinuation() {
        client.frame(HEADERS, END_STREAM, 1, H2Client.block(request("GET", "/")));
        int[] sent = {0};
        // Fewer frames than the limit on small ones, so that it is the deadline that ends it.
        dripUntilRefused(() -> {
            if (sent[0]++ < 10) {
                client.frame(CONTINUATION, 0, 1, H2Client.block("x", "1"));
            }
        });
        assertThat(client.connectionError()).isEqualTo(ENHANCE_YOUR_CALM);
        assertThat(backend.connections()).isZero();
    }

    @Test
    void leavesAConnectionAloneWhoseHeaderBlocksAreWhole() {
        for (int i = 0; i < 20; i++) {
            client.frame(HEADERS, END_STREAM, 1 + 2 * i, H2Client.block(request("GET", "/")))
                    .frame(CONTINUATION, H2Client.END_HEADERS, 1 + 2 * i);
            assertThat(client.answer(1 + 2 * i).status()).isEqualTo(200);
        }
        client.headers(41, 0, request("POST", "/"));
        assertThat(client.answer(41).status()).isEqualTo(408);
        assertThat(client.ping()).isTrue();
    }

    @Test
    void answers408ToABodyThatNeverComesAndServesTheStreamBesideIt() {
        client.headers(1, 0, request("POST", "/"));
        assertThat(client.answer(1).status()).isEqualTo(408);
        assertThat(client.get(3, "/").answer(3).status()).isEqualTo(200);
    }

    @Test
    void answers408ToABodyBelowTheLeastRate() {
        client.headers(1, 0, request("POST", "/"));
        dripUntilRefused(() -> client.frame(DATA, 0, 1, new byte[] {'x'}));
        assertThat(client.answer(1).status()).isEqualTo(408);
        assertThat(client.await(H2Client.RST_STREAM)).isNotNull();
        assertThat(client.soFar(1).reset()).isEqualTo(NO_ERROR);
    }

    /** The client writes a lot behind its error, and still reads why the connection has ended. */
    @Test
    void givesAClientItsGoAwayThatGoesOnSending() {
        client.data(0, 0, "content on stream zero");
        byte[] more = octets(DATA, 0, 1, new byte[16_000]);
        for (int i = 0; i < 50; i++) {
            client.send(more);
        }
        assertThat(client.connectionError()).isEqualTo(H2Client.PROTOCOL_ERROR);
        client.close();
        Awaitility.await().until(() -> proxy.counted(Count.CONNECTIONS_OPEN) == 0);
    }

    @Test
    void closesAConnectionWhoseClientSaysNothingMoreAfterItsError() {
        client.headers(1, 0, request("POST", "/")).data(0, 0, "content on stream zero");
        assertThat(client.connectionError()).isEqualTo(H2Client.PROTOCOL_ERROR);
        Awaitility.await().until(() -> proxy.counted(Count.CONNECTIONS_OPEN) == 0);
        assertThat(proxy.counted(Count.EXCHANGES_ACTIVE)).isZero();
    }

    /** A client that never stops sending is not read for long. */
    @Test
    void closesAConnectionThatIsFloodedAfterItsError() {
        client.data(0, 0, "content on stream zero");
        byte[] more = octets(DATA, 0, 1, new byte[16_000]);
        Awaitility.await().until(() -> {
            try {
                client.send(more);
            } catch (UncheckedIOException e) {
                return true;
            }
            return false;
        });
        Awaitility.await().until(() -> proxy.counted(Count.CONNECTIONS_OPEN) == 0);
    }

    /** Nobody will open the window of its answer any more, so that there is nothing to wait for. */
    @Test
    void endsAnswersWithoutAWindowOnceTheClientHasClosedItsSide() {
        client.setting(INITIAL_WINDOW_SIZE, 1).get(1, "/");
        assertThat(client.readUntil(1, "o")).isEqualTo("o");
        client.shutdownOutput();
        assertThat(client.answer(1).reset()).isEqualTo(H2Client.CANCEL);
        assertThat(client.connectionError()).isEqualTo(-1);
    }

    @Test
    void sendsAnswersThatHaveAWindowAfterTheClientHasClosedItsSide() {
        client.setting(INITIAL_WINDOW_SIZE, 2).get(1, "/").shutdownOutput();
        assertThat(client.answer(1).text()).isEqualTo("ok");
        assertThat(client.answer(1).whole()).isTrue();
        assertThat(client.connectionError()).isEqualTo(-1);
    }
}
