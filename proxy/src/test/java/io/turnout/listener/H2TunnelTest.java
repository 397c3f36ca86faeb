package io.turnout.listener;

import static io.turnout.testing.H2Client.CANCEL;
import static io.turnout.testing.H2Client.ENABLE_CONNECT_PROTOCOL;
import static io.turnout.testing.H2Client.END_STREAM;
import static io.turnout.testing.H2Client.PROTOCOL_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.http.WebSocketHandshake;
import io.turnout.model.Outcome;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.H2Client;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets over HTTP/2 (RFC 8441) on either side, and over HTTP/1 on the other. */
class H2TunnelTest {
    private static final Pattern KEY = Pattern.compile("Sec-WebSocket-Key: (\\S{24})\r\n");

    private static final String[] ASK = {
        ":method", "CONNECT",
        ":protocol", "websocket",
        ":scheme", "http",
        ":path", "/chat",
        ":authority", "example.test",
        "sec-websocket-version", "13",
        "sec-websocket-protocol", "soup"
    };

    private static final String ASK_BY_HTTP1 =
            "GET /chat HTTP/1.1\r\nHost: example.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private static ConditionFactory soon() {
        return Awaitility.await();
    }

    /** Accepts what the head asks for, as a WebSocket server does. */
    private static String grant(String head) {
        Matcher key = KEY.matcher(head);
        assertThat(key.find()).as(head).isTrue();
        return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Protocol: soup\r\nSec-WebSocket-Accept: "
                + WebSocketHandshake.accept(key.group(1)) + "\r\n\r\n";
    }

    /** Grants, then sends back what it gets until the client ends its side. */
    private static RawServer echo() {
        return RawServer.start(connection -> {
            connection.write(grant(connection.readHead()));
            for (int octet; (octet = connection.read()) >= 0; ) {
                connection.write(new byte[] {(byte) octet});
            }
            connection.write("bye");
        });
    }

    /** The same over HTTP/2. */
    private static RawServer echoOfHttp2() {
        return RawServer.start(connection -> {
            H2Client peer = H2Client.serving(connection.socket(), ENABLE_CONNECT_PROTOCOL, 1);
            int stream = peer.awaitRequest();
            if (stream < 0) {
                return;
            }
            connection.heads().add(String.valueOf(peer.soFar(stream).head()));
            peer.headers(stream, 0, ":status", "200", "sec-websocket-protocol", "soup");
            for (H2Client.Frame frame; (frame = peer.next()) != null; ) {
                if (frame.type() == H2Client.DATA) {
                    peer.data(stream, 0, frame.payload());
                    if (frame.has(END_STREAM)) {
                        peer.data(stream, END_STREAM, "bye");
                    }
                }
            }
        });
    }

    private static TestProxy toHttp2(RawServer backend) {
        return TestProxy.start(
                TestProxy.split("only: 1", "only: {protocol: h2, endpoints: [127.0.0.1:" + backend.port() + "]}"));
    }

    private static void awaitNoTunnel(TestProxy proxy) {
        soon().until(() -> proxy.counted(Count.TUNNELS_OPEN) == 0);
    }

    @Test
    void announcesExtendedConnect() {
        try (RawServer backend = echo();
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            byte[] settings = client.next().payload();
            assertThat(settings).containsSequence(0, ENABLE_CONNECT_PROTOCOL, 0, 0, 0, 1);
        }
    }

    @Test
    void passesOctetsBothWaysIncludingThoseBeforeAndBehindTheGrant() {
        try (RawServer backend = RawServer.start(connection -> {
                    String head = connection.readHead();
                    connection.write(grant(head) + "hello");
                    connection.write("<" + connection.readUntil("!") + ">");
                    connection.read();
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, ASK).data(1, 0, "early GET / HTTP/1.1\r\n\r\n").data(1, 0, "\0!");
            assertThat(client.readUntil(1, ">")).isEqualTo("hello<early GET / HTTP/1.1\r\n\r\n\0!>");
            assertThat(client.soFar(1).status()).isEqualTo(200);
            assertThat(client.soFar(1).field("sec-websocket-protocol")).isEqualTo("soup");
            assertThat(client.soFar(1).field("sec-websocket-accept")).isNull();
            assertThat(client.soFar(1).field("upgrade")).isNull();
            assertThat(client.soFar(1).field("connection")).isNull();
            assertThat(backend.heads().get(0))
                    .startsWith("GET /chat HTTP/1.1\r\nHost: example.test\r\n")
                    .contains("Connection: Upgrade\r\nUpgrade: websocket\r\n", "sec-websocket-version: 13\r\n");
            assertThat(proxy.counted(Count.TUNNELS_OPEN)).isEqualTo(1);
            assertThat(proxy.totals("all", "only").finished(Outcome.SUCCESS)).isEqualTo(1);
        }
    }

    @Test
    void passesEachSidesEndOnToTheOther() {
        try (RawServer backend = echo();
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, ASK);
            assertThat(client.status(1)).isEqualTo(200);
            client.data(1, 0, "abc");
            assertThat(client.readUntil(1, "abc")).isEqualTo("abc");
            client.data(1, END_STREAM);
            assertThat(client.answer(1).text()).isEqualTo("abcbye");
            assertThat(client.answer(1).whole()).isTrue();
            awaitNoTunnel(proxy);
        }
    }

    @Test
    void letsTheClientSpeakOnAfterTheBackendHasEndedItsSide() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.write(grant(connection.readHead()) + "done");
                    connection.socket().shutdownOutput();
                    connection.heads().add(connection.readUntil("never"));
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, ASK);
            assertThat(client.answer(1).text()).isEqualTo("done");
            client.data(1, 0, "still ").data(1, END_STREAM, "here");
            soon().untilAsserted(() -> assertThat(backend.heads()).contains("still here"));
            awaitNoTunnel(proxy);
            assertThat(client.soFar(1).reset()).isEqualTo(-1);
        }
    }

    @Test
    void carriesMuchBothWaysWithinTheWindows() {
        byte[] sent = new byte[1 << 20];
        Arrays.fill(sent, (byte) 'x');
        try (RawServer backend = RawServer.start(connection -> {
                    connection.write(grant(connection.readHead()));
                    connection.heads().add("read " + connection.readBody(sent.length).length);
                    connection.write(sent);
                    connection.write("!");
                    connection.read();
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, ASK);
            assertThat(client.status(1)).isEqualTo(200);
            client.frame(H2Client.WINDOW_UPDATE, 0, 0, 2 << 20).frame(H2Client.WINDOW_UPDATE, 0, 1, 2 << 20);
            int window = 65_535;
            for (int at = 0; at < sent.length; at += 16_384) {
                while (window < 16_384) {
                    H2Client.Frame update = client.await(H2Client.WINDOW_UPDATE);
                    assertThat(update).isNotNull();
                    window += update.stream() == 1 ? update.number(0) : 0;
                }
                client.data(1, 0, Arrays.copyOf(sent, 16_384));
                window -= 16_384;
            }
            assertThat(client.readUntil(1, "!")).hasSize(sent.length + 1);
            assertThat(backend.heads()).contains("read " + sent.length);
        }
    }

    @Test
    void leavesARefusalAsItIsAndPassesNothingOnBehindIt() {
        try (RawServer backend = RawServer.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, ASK).data(1, 0, "GET /early HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.answer(1).text()).isEqualTo("no");
            assertThat(client.answer(1).status()).isEqualTo(403);
            client.data(1, 0, "GET /late HTTP/1.1\r\nHost: a\r\n\r\n").get(3, "/next");
            assertThat(client.answer(3).text()).isEqualTo("no");
            assertThat(backend.heads()).hasSize(2).noneMatch(head -> head.contains("ly HTTP") || head.contains("late"));
            assertThat(proxy.counted(Count.TUNNELS_OPENED)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // The upgrade was passed over: to the client, any success would mean an open tunnel.
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                "HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
            })
    void answersBadGatewayWhenTheBackendHasNotUnderstoodTheHandshake(String answer) {
        try (RawServer backend = RawServer.answering(answer);
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, ASK);
            assertThat(client.answer(1).status()).isEqualTo(502);
            boolean understood = answer.contains("101");
            assertThat(client.answer(1).field("proxy-status"))
                    .contains(understood ? "http_protocol_error" : "http_upgrade_failed");
            assertThat(proxy.totals("all", "only").charged()).isEqualTo(understood ? 1 : 0);
        }
    }

    @Test
    void refusesOtherProtocolsAndMalformedRequests() {
        try (RawServer backend = RawServer.saying("ok");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            String[] other = ASK.clone();
            other[3] = "connect-udp";
            client.headers(1, 0, other);
            assertThat(client.answer(1).status()).isEqualTo(501);
            String[] get = ASK.clone();
            get[1] = "GET";
            client.headers(3, 0, get);
            assertThat(client.error(3)).isEqualTo(PROTOCOL_ERROR);
            client.headers(5, END_STREAM, ASK);
            assertThat(client.error(5)).isEqualTo(PROTOCOL_ERROR);
            client.headers(7, 0, Arrays.copyOf(ASK, 8));
            assertThat(client.error(7)).isEqualTo(PROTOCOL_ERROR);
            String[] sized = Arrays.copyOf(ASK, 12);
            sized[10] = "content-length";
            sized[11] = "1";
            client.headers(9, 0, sized);
            assertThat(client.error(9)).isEqualTo(PROTOCOL_ERROR);
            assertThat(client.get(11, "/").answer(11).text()).isEqualTo("ok");
            assertThat(backend.heads()).hasSize(1);
        }
    }

    @Test
    void resetsATunnelThatIsSentTrailers() {
        try (RawServer backend = echo();
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, ASK);
            assertThat(client.status(1)).isEqualTo(200);
            client.headers(1, END_STREAM, "x-late", "1");
            assertThat(client.error(1)).isEqualTo(PROTOCOL_ERROR);
            awaitNoTunnel(proxy);
        }
    }

    @Test
    void cutsBothSidesWhenOneIsReset() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.write(grant(connection.readHead()));
                    if (connection.read() == 'x') {
                        connection.reset();
                    } else {
                        connection.heads().add("gone");
                    }
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, ASK).headers(3, 0, ASK);
            assertThat(client.status(1)).isEqualTo(200);
            assertThat(client.status(3)).isEqualTo(200);
            client.data(1, 0, "x");
            assertThat(client.error(1)).isEqualTo(CANCEL);
            client.frame(H2Client.RST_STREAM, 0, 3, CANCEL);
            soon().until(() -> backend.heads().contains("gone"));
            awaitNoTunnel(proxy);
            assertThat(proxy.totals("all", "only").charged()).isZero();
        }
    }

    @Test
    void leavesAVariantThatHasLostItsTrafficWhereItsClientIsToFollow() {
        try (RawServer blue = echo();
                RawServer green = echo();
                TestProxy proxy = TestProxy.start("""
                        listeners: [{name: web, address: 127.0.0.1:0, timeouts: {drain: 1s}}]
                        pools: {blue: [127.0.0.1:%d], green: [127.0.0.1:%d]}
                        routes: [{name: all, split: {weights: {blue: 1, green: 0}, onSwitch: drain}}]
                        """.formatted(blue.port(), green.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, ASK);
            assertThat(client.status(1)).isEqualTo(200);
            proxy.weigh("all", Map.of("green", 1));
            H2Client.Frame warning = client.await(H2Client.GOAWAY);
            assertThat(warning).isNotNull();
            assertThat(warning.number(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(client.answer(1).whole()).isTrue();
            client.data(1, END_STREAM);
            awaitNoTunnel(proxy);
            assertThat(proxy.counted(Count.LEFT_ON_SWITCH)).isEqualTo(1);
        }
    }

    @Test
    void endsATunnelThatIsSilentForTooLongAndNotTheConnection() {
        String yaml = TestProxy.to(0).replace("address: 127.0.0.1:0", "address: 127.0.0.1:0, timeouts: {tunnel: 1s}");
        try (RawServer backend = echo();
                TestProxy proxy = TestProxy.start(yaml.replace("127.0.0.1:0]", "127.0.0.1:" + backend.port() + "]"));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, ASK);
            assertThat(client.answer(1).whole()).isTrue();
            assertThat(client.answer(1).text()).isEmpty();
            awaitNoTunnel(proxy);
            assertThat(client.ping()).isTrue();
        }
    }

    @Test
    void keepsWhatComesBehindATunnelsEndAwayFromTheNextRequest() {
        String yaml = TestProxy.to(0).replace("address: 127.0.0.1:0", "address: 127.0.0.1:0, timeouts: {tunnel: 1s}");
        try (RawServer backend = RawServer.start(connection -> {
                    String head = connection.readHead();
                    if (head.startsWith("GET")) {
                        connection.write(grant(head));
                        connection.read();
                    } else {
                        connection.heads().add(new String(connection.readBody(4), StandardCharsets.ISO_8859_1));
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                TestProxy proxy = TestProxy.start(yaml.replace("127.0.0.1:0]", "127.0.0.1:" + backend.port() + "]"));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, ASK);
            assertThat(client.answer(1).whole()).isTrue();
            client.data(1, 0, "late");
            // A stream that has been closed is used again for the next request.
            while (client.soFar(1).reset() < 0) {
                assertThat(client.next()).isNotNull();
            }
            client.headers(3, 0, H2Client.request("POST", "/", "content-length", "4"))
                    .data(3, END_STREAM, "next");
            assertThat(client.answer(3).status()).isEqualTo(200);
            assertThat(backend.heads()).contains("next").doesNotContain("late");
        }
    }

    @Test
    void tellsTunnelsToLeaveWhenTheProcessGoesDown() {
        try (RawServer backend = echo();
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, ASK);
            assertThat(client.status(1)).isEqualTo(200);
            assertThat(proxy.plane().drain(TimeUnit.SECONDS.toNanos(20))).isZero();
            assertThat(client.answer(1).whole()).isTrue();
            assertThat(client.connectionError()).isEqualTo(H2Client.NO_ERROR);
        }
    }

    @Test
    void carriesATunnelToABackendOfHttp2() {
        try (RawServer backend = echoOfHttp2();
                TestProxy proxy = toHttp2(backend);
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, ASK).data(1, 0, "abc");
            assertThat(client.readUntil(1, "abc")).isEqualTo("abc");
            assertThat(client.soFar(1).status()).isEqualTo(200);
            assertThat(backend.heads().get(0))
                    .contains(
                            ":method: CONNECT", ":protocol: websocket", ":path: /chat", "sec-websocket-protocol: soup");
            client.data(1, END_STREAM);
            assertThat(client.answer(1).text()).isEqualTo("abcbye");
            assertThat(client.answer(1).whole()).isTrue();
            awaitNoTunnel(proxy);
        }
    }

    @Test
    void carriesATunnelOfHttp1ToABackendOfHttp2() throws IOException {
        try (RawServer backend = echoOfHttp2();
                TestProxy proxy = toHttp2(backend);
                RawClient client = RawClient.connect(proxy.port())) {
            RawClient.Answer answer = client.send(ASK_BY_HTTP1 + "abc").read();
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.field("connection")).isEqualTo("Upgrade");
            assertThat(answer.field("upgrade")).isEqualTo("websocket");
            assertThat(answer.field("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(client.readUntil("abc")).isEqualTo("abc");
            assertThat(backend.heads().get(0)).contains(":method: CONNECT").doesNotContain("sec-websocket-key");
            client.socket().shutdownOutput();
            assertThat(client.readAll()).isEqualTo("bye");
            awaitNoTunnel(proxy);
        }
    }

    @Test
    void doesNotWaitForABackendThatClosesBeforeItsSettings() {
        try (RawServer backend = RawServer.start(connection -> connection.readUntil("SM\r\n\r\n"));
                TestProxy proxy = toHttp2(backend);
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, ASK);
            assertThat(client.answer(1).status()).isEqualTo(503);
        }
    }

    @Test
    void saysThatABackendOfHttp2TakesNoTunnels() throws IOException {
        try (RawServer backend = RawServer.start(connection -> {
                    H2Client peer = H2Client.serving(connection.socket());
                    connection.heads().add("request " + peer.awaitRequest());
                });
                TestProxy proxy = toHttp2(backend);
                H2Client client = H2Client.connect(proxy.port());
                RawClient old = RawClient.connect(proxy.port())) {
            client.headers(1, 0, ASK);
            assertThat(client.answer(1).status()).isEqualTo(502);
            assertThat(client.answer(1).field("proxy-status")).contains("http_upgrade_failed");
            assertThat(old.send(ASK_BY_HTTP1).read().status()).isEqualTo(502);
            assertThat(backend.heads()).isEmpty();
            assertThat(proxy.totals("all", "only").charged()).isZero();
        }
    }
}
