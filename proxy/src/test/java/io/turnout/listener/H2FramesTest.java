package io.turnout.listener;

import static io.turnout.testing.H2Client.ACK;
import static io.turnout.testing.H2Client.COMPRESSION_ERROR;
import static io.turnout.testing.H2Client.CONTINUATION;
import static io.turnout.testing.H2Client.DATA;
import static io.turnout.testing.H2Client.END_HEADERS;
import static io.turnout.testing.H2Client.END_STREAM;
import static io.turnout.testing.H2Client.FLOW_CONTROL_ERROR;
import static io.turnout.testing.H2Client.FRAME_SIZE_ERROR;
import static io.turnout.testing.H2Client.GOAWAY;
import static io.turnout.testing.H2Client.HEADERS;
import static io.turnout.testing.H2Client.PADDED;
import static io.turnout.testing.H2Client.PING;
import static io.turnout.testing.H2Client.PRIORITY;
import static io.turnout.testing.H2Client.PROTOCOL_ERROR;
import static io.turnout.testing.H2Client.PUSH_PROMISE;
import static io.turnout.testing.H2Client.RST_STREAM;
import static io.turnout.testing.H2Client.SETTINGS;
import static io.turnout.testing.H2Client.STREAM_CLOSED;
import static io.turnout.testing.H2Client.WINDOW_UPDATE;
import static io.turnout.testing.H2Client.WITH_PRIORITY;
import static io.turnout.testing.H2Client.block;
import static io.turnout.testing.H2Client.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.testing.H2Client;
import io.turnout.testing.H2Client.Answer;
import io.turnout.testing.H2Client.Frame;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** RFC 9113 sections 3.4 to 6.10 and RFC 7541: frames, states and compression. */
class H2FramesTest {
    private static final byte[] GET = block(request("GET", "/"));
    private static final byte[] POST = block(request("POST", "/"));

    private RawServer backend;
    private TestProxy proxy;

    @BeforeEach
    void start() {
        backend = RawServer.saying("ok");
        proxy = TestProxy.start(TestProxy.to(backend.port()));
    }

    @AfterEach
    void stop() {
        proxy.close();
        backend.close();
    }

    private record Case(String rule, int error, Consumer<H2Client> frames) {}

    private static byte[] with(int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return bytes;
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static final List<Case> ENDS_THE_CONNECTION = List.of(
            new Case(
                    "4.2 frame over SETTINGS_MAX_FRAME_SIZE",
                    FRAME_SIZE_ERROR,
                    c -> c.frame(DATA, 0, 1, new byte[16_385])),
            new Case(
                    "4.3 block that does not decode",
                    COMPRESSION_ERROR,
                    c -> c.frame(HEADERS, 5, 1, with(0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f))),
            new Case(
                    "4.3 another frame inside a header block",
                    PROTOCOL_ERROR,
                    c -> c.frame(HEADERS, END_STREAM, 1, GET).frame(PING, 0, 0, new byte[8])),
            new Case(
                    "4.3 another stream's HEADERS inside a block",
                    PROTOCOL_ERROR,
                    c -> c.frame(HEADERS, END_STREAM, 1, GET).frame(HEADERS, 5, 3, GET)),
            new Case("5.1 DATA on an idle stream", PROTOCOL_ERROR, c -> c.data(1, END_STREAM, "x")),
            new Case("5.1 RST_STREAM on an idle stream", PROTOCOL_ERROR, c -> c.frame(RST_STREAM, 0, 1, 8)),
            new Case("5.1 WINDOW_UPDATE on an idle stream", PROTOCOL_ERROR, c -> c.frame(WINDOW_UPDATE, 0, 1, 8)),
            new Case(
                    "5.1 CONTINUATION on an idle stream",
                    PROTOCOL_ERROR,
                    c -> c.frame(CONTINUATION, END_HEADERS, 1, GET)),
            new Case("5.1.1 even stream number", PROTOCOL_ERROR, c -> c.frame(HEADERS, 5, 2, GET)),
            new Case(
                    "5.1.1 smaller stream number",
                    PROTOCOL_ERROR,
                    c -> c.frame(HEADERS, 5, 5, GET).frame(HEADERS, 5, 3, GET)),
            new Case("6.1 DATA on stream 0", PROTOCOL_ERROR, c -> c.data(0, 0, "x")),
            new Case(
                    "6.1 padding as long as the payload",
                    PROTOCOL_ERROR,
                    c -> c.frame(HEADERS, 4, 1, POST).frame(DATA, PADDED, 1, with(6, 1, 2, 3, 4, 5))),
            new Case("6.2 HEADERS on stream 0", PROTOCOL_ERROR, c -> c.frame(HEADERS, 5, 0, GET)),
            new Case(
                    "6.2 padding longer than the payload",
                    PROTOCOL_ERROR,
                    c -> c.frame(HEADERS, 5 | PADDED, 1, joined(with(255), GET))),
            new Case("6.3 PRIORITY on stream 0", PROTOCOL_ERROR, c -> c.frame(PRIORITY, 0, 0, new byte[5])),
            new Case("6.4 RST_STREAM on stream 0", PROTOCOL_ERROR, c -> c.frame(RST_STREAM, 0, 0, 8)),
            new Case(
                    "6.4 RST_STREAM of 3 octets",
                    FRAME_SIZE_ERROR,
                    c -> c.frame(HEADERS, 4, 1, POST).frame(RST_STREAM, 0, 1, new byte[3])),
            new Case(
                    "6.5 acknowledgement with a payload",
                    FRAME_SIZE_ERROR,
                    c -> c.frame(SETTINGS, ACK, 0, new byte[6])),
            new Case("6.5 SETTINGS on a stream", PROTOCOL_ERROR, c -> c.frame(SETTINGS, 0, 1)),
            new Case("6.5 SETTINGS of 3 octets", FRAME_SIZE_ERROR, c -> c.frame(SETTINGS, 0, 0, new byte[3])),
            new Case("6.5.2 ENABLE_PUSH neither 0 nor 1", PROTOCOL_ERROR, c -> c.setting(2, 2)),
            new Case("6.5.2 INITIAL_WINDOW_SIZE over 2^31-1", FLOW_CONTROL_ERROR, c -> c.setting(4, 0x80000000)),
            new Case("6.5.2 MAX_FRAME_SIZE under 2^14", PROTOCOL_ERROR, c -> c.setting(5, 16_383)),
            new Case("6.5.2 MAX_FRAME_SIZE over 2^24-1", PROTOCOL_ERROR, c -> c.setting(5, 16_777_216)),
            new Case(
                    "6.6 PUSH_PROMISE from a client",
                    PROTOCOL_ERROR,
                    c -> c.frame(HEADERS, 4, 1, POST).frame(PUSH_PROMISE, 4, 1, joined(with(0, 0, 0, 2), GET))),
            new Case("6.7 PING on a stream", PROTOCOL_ERROR, c -> c.frame(PING, 0, 1, new byte[8])),
            new Case("6.7 PING of 6 octets", FRAME_SIZE_ERROR, c -> c.frame(PING, 0, 0, new byte[6])),
            new Case("6.8 GOAWAY on a stream", PROTOCOL_ERROR, c -> c.frame(GOAWAY, 0, 1, new byte[8])),
            new Case("6.9 WINDOW_UPDATE of 0 on the connection", PROTOCOL_ERROR, c -> c.frame(WINDOW_UPDATE, 0, 0, 0)),
            new Case("6.9 WINDOW_UPDATE of 3 octets", FRAME_SIZE_ERROR, c -> c.frame(WINDOW_UPDATE, 0, 0, new byte[3])),
            new Case(
                    "6.9.1 window of the connection over 2^31-1",
                    FLOW_CONTROL_ERROR,
                    c -> c.frame(WINDOW_UPDATE, 0, 0, 0x7fffffff).frame(WINDOW_UPDATE, 0, 0, 0x7fffffff)),
            new Case(
                    "6.10 CONTINUATION on stream 0",
                    PROTOCOL_ERROR,
                    c -> c.frame(HEADERS, END_STREAM, 1, GET).frame(CONTINUATION, END_HEADERS, 0)),
            new Case(
                    "6.10 CONTINUATION after the end of the block",
                    PROTOCOL_ERROR,
                    c -> c.frame(HEADERS, 4, 1, POST).frame(CONTINUATION, END_HEADERS, 1)),
            new Case(
                    "6.10 CONTINUATION after DATA",
                    PROTOCOL_ERROR,
                    c -> c.frame(HEADERS, 4, 1, POST).data(1, 0, "x").frame(CONTINUATION, END_HEADERS, 1)),
            new Case(
                    "7541 2.3.3 index beyond the tables",
                    COMPRESSION_ERROR,
                    c -> c.frame(HEADERS, 5, 1, joined(GET, with(0xff, 0x7f)))),
            new Case("7541 6.1 index 0", COMPRESSION_ERROR, c -> c.frame(HEADERS, 5, 1, joined(GET, with(0x80)))),
            new Case(
                    "7541 4.2 size update after a field",
                    COMPRESSION_ERROR,
                    c -> c.frame(HEADERS, 5, 1, joined(GET, with(0x20)))),
            new Case(
                    "7541 6.3 size update over the limit",
                    COMPRESSION_ERROR,
                    c -> c.frame(HEADERS, 5, 1, joined(with(0x3f, 0xe2, 0x1f), GET))),
            new Case(
                    "7541 5.2 padding of more than 7 bits",
                    COMPRESSION_ERROR,
                    c -> c.frame(HEADERS, 5, 1, joined(GET, with(0x00, 0x01, 'x', 0x82, 0x1f, 0xff)))),
            new Case(
                    "7541 5.2 EOS inside a string",
                    COMPRESSION_ERROR,
                    c -> c.frame(HEADERS, 5, 1, joined(GET, with(0x00, 0x01, 'x', 0x84, 0xff, 0xff, 0xff, 0xff)))));

    @TestFactory
    Stream<DynamicTest> endsTheConnection() {
        return ENDS_THE_CONNECTION.stream()
                .map(broken -> DynamicTest.dynamicTest(broken.rule, () -> {
                    try (H2Client client = H2Client.connect(proxy.port())) {
                        broken.frames.accept(client);
                        assertThat(client.connectionError()).isEqualTo(broken.error);
                    }
                }));
    }

    private static final List<Case> RESETS_THE_STREAM = List.of(
            new Case(
                    "5.1 HEADERS after END_STREAM",
                    STREAM_CLOSED,
                    c -> c.frame(HEADERS, 5, 1, GET).frame(HEADERS, 5, 1, GET)),
            new Case(
                    "5.3.1 HEADERS that depend on themselves",
                    PROTOCOL_ERROR,
                    c -> c.frame(HEADERS, 5 | WITH_PRIORITY, 1, joined(with(0, 0, 0, 1, 16), GET))),
            new Case(
                    "5.3.1 PRIORITY that depends on itself",
                    PROTOCOL_ERROR,
                    c -> c.frame(HEADERS, 4, 1, POST).frame(PRIORITY, 0, 1, with(0, 0, 0, 1, 16))),
            new Case(
                    "6.3 PRIORITY of 4 octets",
                    FRAME_SIZE_ERROR,
                    c -> c.frame(HEADERS, 4, 1, POST).frame(PRIORITY, 0, 1, new byte[4])),
            new Case(
                    "6.9 WINDOW_UPDATE of 0",
                    PROTOCOL_ERROR,
                    c -> c.frame(HEADERS, 4, 1, POST).frame(WINDOW_UPDATE, 0, 1, 0)),
            new Case(
                    "6.9.1 window over 2^31-1",
                    FLOW_CONTROL_ERROR,
                    c -> c.frame(HEADERS, 4, 1, POST)
                            .frame(WINDOW_UPDATE, 0, 1, 0x7fffffff)
                            .frame(WINDOW_UPDATE, 0, 1, 0x7fffffff)));

    @TestFactory
    Stream<DynamicTest> resetsTheStream() {
        return RESETS_THE_STREAM.stream()
                .map(broken -> DynamicTest.dynamicTest(broken.rule, () -> {
                    try (RawServer silent = RawServer.start(connection -> {
                                connection.readHead();
                                connection.socket().setReceiveBufferSize(4096);
                                while (!connection.socket().isClosed()) {
                                    java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
                                }
                            });
                            TestProxy quiet = TestProxy.start(TestProxy.to(silent.port()));
                            H2Client client = H2Client.connect(quiet.port())) {
                        if (broken.rule.startsWith("5.2")) {
                            // Only while upstream takes nothing is a window ever used up.
                            return;
                        }
                        broken.frames.accept(client);
                        assertThat(client.error(1)).isEqualTo(broken.error);
                    }
                }));
    }

    @Test
    void sendsSettingsFirstAndAcknowledgesThoseOfTheClient() {
        try (H2Client client = H2Client.connect(proxy.port())) {
            Frame first = client.next();
            assertThat(first).isNotNull();
            assertThat(first.type()).isEqualTo(SETTINGS);
            assertThat(first.has(ACK)).isFalse();
            Frame acknowledged = client.await(SETTINGS);
            assertThat(acknowledged).isNotNull();
            assertThat(acknowledged.has(ACK)).isTrue();
        }
    }

    /** RFC 9113 section 3.4: SETTINGS is the first frame. */
    @Test
    void endsAConnectionThatDoesNotBeginWithSettings() {
        try (H2Client client = H2Client.raw(proxy.port())) {
            client.send(H2Client.PREFACE.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            client.frame(PING, 0, 0, new byte[8]);
            assertThat(client.connectionError()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    /** RFC 9113 sections 4.1, 5.5 and 6.5.2: what is unknown is passed over. */
    @Test
    void passesOverUnknownFramesSettingsFlagsAndReservedBits() {
        try (H2Client client = H2Client.connect(proxy.port())) {
            client.frame(0x16, 0xff, 0, new byte[8]).frame(0x16, 0xff, 7, new byte[8]);
            client.setting(0x99, 1);
            client.frame(PING, 0x16, 0, new byte[8]);
            client.frame(HEADERS, 5 | 0x10, 1, GET);
            assertThat(client.answer(1).text()).isEqualTo("ok");
            client.frame(
                    HEADERS,
                    5 | PADDED | WITH_PRIORITY,
                    0x80000003,
                    joined(with(2, 0, 0, 0, 1, 200), joined(GET, new byte[2])));
            assertThat(client.answer(3).text()).isEqualTo("ok");
            client.frame(PRIORITY, 0, 99, with(0, 0, 0, 1, 16));
            assertThat(client.ping()).isTrue();
        }
    }

    /** RFC 9113 section 6.10. */
    @Test
    void takesAHeaderBlockInPieces() {
        try (H2Client client = H2Client.connect(proxy.port())) {
            client.frame(HEADERS, END_STREAM, 1, java.util.Arrays.copyOf(GET, 5));
            client.frame(CONTINUATION, 0, 1, java.util.Arrays.copyOfRange(GET, 5, 20));
            client.frame(CONTINUATION, END_HEADERS, 1, java.util.Arrays.copyOfRange(GET, 20, GET.length));
            assertThat(client.answer(1).text()).isEqualTo("ok");
        }
    }

    /** RFC 7541 section 4.2 and 6.3. */
    @Test
    void takesATableSizeUpdateAtTheBeginningOfABlock() {
        try (H2Client client = H2Client.connect(proxy.port())) {
            client.frame(HEADERS, 5, 1, joined(with(0x20, 0x3f, 0xe1, 0x1f), GET));
            assertThat(client.answer(1).text()).isEqualTo("ok");
        }
    }

    /** RFC 9113 section 6.9.2: a smaller initial window applies to streams that are open, even below zero. */
    @Test
    void keepsToTheClientsWindows() {
        try (H2Client client = H2Client.connect(proxy.port())) {
            client.setting(4, 0);
            client.frame(HEADERS, 5, 1, GET);
            assertThat(client.ping()).isTrue();
            while (client.soFar(1).status() == 0) {
                client.next();
            }
            assertThat(client.soFar(1).body()).isEmpty();
            client.setting(4, 1);
            Frame one = client.await(DATA);
            assertThat(one).isNotNull();
            assertThat(one.payload()).hasSize(1);
            client.frame(WINDOW_UPDATE, 0, 1, 100);
            Answer answer = client.answer(1);
            assertThat(answer.text()).isEqualTo("ok");
            assertThat(answer.whole()).isTrue();
        }
    }

    /** RFC 9113 section 5.1: a stream both sides have ended, or the client has reset, is closed. */
    @Test
    void endsTheConnectionForHeadersOnAStreamThatIsClosed() {
        try (H2Client client = H2Client.connect(proxy.port())) {
            client.frame(HEADERS, 5, 1, GET);
            assertThat(client.answer(1).whole()).isTrue();
            client.frame(HEADERS, 5, 1, GET);
            assertThat(client.connectionError()).isEqualTo(STREAM_CLOSED);
        }
        try (H2Client client = H2Client.connect(proxy.port())) {
            client.frame(HEADERS, 4, 1, POST).frame(RST_STREAM, 0, 1, 8).frame(HEADERS, 5, 1, GET);
            assertThat(client.connectionError()).isEqualTo(STREAM_CLOSED);
        }
    }

    @Test
    void resetsForContentOnAStreamThatIsClosed() {
        try (H2Client client = H2Client.connect(proxy.port())) {
            client.frame(HEADERS, 5, 1, GET);
            assertThat(client.answer(1).whole()).isTrue();
            client.data(1, END_STREAM, "x");
            Frame reset = client.await(RST_STREAM);
            assertThat(reset).isNotNull();
            assertThat(reset.number(0)).isEqualTo(STREAM_CLOSED);
            assertThat(client.get(3, "/").answer(3).text()).isEqualTo("ok");
        }
    }
}
