package io.turnout.listener;

import static io.turnout.testing.H2Client.END_STREAM;
import static io.turnout.testing.H2Client.PROTOCOL_ERROR;
import static io.turnout.testing.H2Client.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.testing.H2Client;
import io.turnout.testing.H2Client.Answer;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** RFC 9113 section 8: malformed requests are stream errors, and nothing of them reaches a backend. */
class H2RequestRulesTest {

    @SuppressWarnings("ArrayRecordComponent")
    private record Case(String rule, String... fields) {}

    private static Case with(String rule, String... more) {
        return new Case(rule, request("GET", "/", more));
    }

    private static final List<Case> MALFORMED = List.of(
            with("8.2.1 upper-case name", "X-Upper", "1"),
            with("8.2.1 empty name", "", "1"),
            with("8.2.1 space in a name", "x y", "1"),
            with("8.2.1 colon in a name", "x:y", "1"),
            with("8.2.1 control in a name", "x\u0001y", "1"),
            with("8.2.1 DEL in a name", "x\u007f", "1"),
            with("8.2.1 octet over 0x7f in a name", "x\u00e4", "1"),
            with("8.2.1 NUL in a value", "x", "a\u0000b"),
            with("8.2.1 LF in a value", "x", "a\nb"),
            with("8.2.1 CR in a value", "x", "a\rb"),
            with("8.2.1 CRLF and a field in a value", "x", "a\r\nevil: 1"),
            with("9110 5.5 control in a value", "x", "a\u0001b"),
            with("8.2.1 leading space", "x", " a"),
            with("8.2.1 trailing space", "x", "a "),
            with("8.2.1 leading tab", "x", "\ta"),
            with("8.2.1 trailing tab", "x", "a\t"),
            with("8.2.2 connection", "connection", "close"),
            with("8.2.2 connection naming another", "connection", "x-a", "x-a", "1"),
            with("8.2.2 keep-alive", "keep-alive", "1"),
            with("8.2.2 proxy-connection", "proxy-connection", "close"),
            with("8.2.2 transfer-encoding", "transfer-encoding", "chunked"),
            with("8.2.2 upgrade", "upgrade", "websocket"),
            with("8.2.2 te other than trailers", "te", "gzip"),
            with("8.2.2 te with more than trailers", "te", "trailers, gzip"),
            with("8.3 unknown pseudo-header", ":nonsense", "1"),
            with("8.3 pseudo-header of answers", ":status", "200"),
            with("8.3 pseudo-header after a field", "x", "1", ":path", "/b"),
            with("8.3.1 :method twice", ":method", "GET"),
            with("8.3.1 :path twice", ":path", "/b"),
            with("8.3.1 :scheme twice", ":scheme", "http"),
            with("8.3.1 :authority twice", ":authority", "b.test"),
            with("8441 :protocol not announced", ":protocol", "websocket"),
            new Case("8.3.1 no :method", ":scheme", "http", ":path", "/", ":authority", "a.test"),
            new Case("8.3.1 no :scheme", ":method", "GET", ":path", "/", ":authority", "a.test"),
            new Case("8.3.1 no :path", ":method", "GET", ":scheme", "http", ":authority", "a.test"),
            new Case("8.3.1 empty :path", request("GET", "")),
            new Case("8.3.1 :path without slash", request("GET", "a")),
            new Case("8.3.1 :path in absolute form", request("GET", "http://b.test/")),
            new Case("8.3.1 * without OPTIONS", request("GET", "*")),
            new Case("8.3.1 empty :method", request("", "/")),
            new Case("9110 9.1 space in :method", request("GET /evil HTTP/1.1", "/")),
            new Case("9110 9.1 CRLF in :method", request("GET\r\nx: 1", "/")),
            new Case("8.2.1 CRLF in :path", request("GET", "/ HTTP/1.1\r\nx: 1")),
            new Case("8.3.1 other scheme", ":method", "GET", ":scheme", "ftp", ":path", "/", ":authority", "a.test"),
            new Case("8.3.1 userinfo", ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "u@a.test"),
            new Case("8.3.1 empty :authority", ":method", "GET", ":scheme", "http", ":path", "/", ":authority", ""),
            new Case(
                    "9110 7.2 space in :authority",
                    ":method",
                    "GET",
                    ":scheme",
                    "http",
                    ":path",
                    "/",
                    ":authority",
                    "a b"),
            new Case(
                    "9110 7.2 slash in :authority",
                    ":method",
                    "GET",
                    ":scheme",
                    "http",
                    ":path",
                    "/",
                    ":authority",
                    "a/b"),
            with("8.3.1 Host says otherwise", "host", "other.test"),
            with("8.3.1 second Host says otherwise", "host", "example.test", "host", "other.test"),
            with("8.1.1 length without content", "content-length", "5"),
            with("8.1.1 two lengths", "content-length", "0", "content-length", "1"),
            with("9110 8.6 negative length", "content-length", "-1"),
            with("9110 8.6 signed length", "content-length", "+0"),
            with("9110 8.6 empty length", "content-length", ""),
            with("9110 8.6 list of lengths", "content-length", "0, 1"),
            new Case("8.5 CONNECT with :path", ":method", "CONNECT", ":path", "/", ":authority", "a.test:1"),
            new Case("8.5 CONNECT without :authority", ":method", "CONNECT"));

    @TestFactory
    Stream<DynamicTest> resetsAMalformedRequestAndServesTheNext() {
        return MALFORMED.stream()
                .map(malformed -> DynamicTest.dynamicTest(malformed.rule, () -> {
                    try (RawServer backend = RawServer.saying("ok");
                            TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                            H2Client client = H2Client.connect(proxy.port())) {
                        client.headers(1, END_STREAM, malformed.fields);
                        assertThat(client.answer(1).status()).isZero();
                        assertThat(client.error(1)).isEqualTo(PROTOCOL_ERROR);
                        assertThat(client.get(3, "/next").answer(3).text()).isEqualTo("ok");
                        assertThat(backend.heads()).singleElement().asString().startsWith("GET /next ");
                    }
                }));
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Answered(String rule, int status, String... fields) {}

    private static final List<Answered> ANSWERED = List.of(
            new Answered("9110 7.1 fragment", 400, request("GET", "/a#b")),
            new Answered("3986 2.1 broken encoding", 400, request("GET", "/%zz")),
            new Answered("9110 7.1 space in the path", 400, request("GET", "/a b")),
            new Answered("3986 5.2.4 above the root", 400, request("GET", "/../../etc")),
            new Answered("3986 encoded NUL", 400, request("GET", "/%00")),
            new Answered("9110 7.2 no authority at all", 400, ":method", "GET", ":scheme", "http", ":path", "/"),
            new Answered("8.5 CONNECT", 501, ":method", "CONNECT", ":authority", "a.test:443"),
            new Answered("9110 10.1.1 expectation", 417, request("GET", "/", "expect", "200-ok")),
            new Answered("9112 3 long target", 414, request("GET", "/" + "a".repeat(17_000))),
            new Answered("6585 5 large head", 431, request("GET", "/", "x", "a".repeat(40_000))));

    @TestFactory
    Stream<DynamicTest> answersWhatIsWellFormedAndNotToBeServed() {
        return ANSWERED.stream()
                .map(refused -> DynamicTest.dynamicTest(refused.rule, () -> {
                    try (RawServer backend = RawServer.saying("ok");
                            TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                            H2Client client = H2Client.connect(proxy.port())) {
                        byte[] block = H2Client.block(refused.fields);
                        int at = Math.min(block.length, 16_000);
                        client.frame(
                                H2Client.HEADERS,
                                END_STREAM | (at == block.length ? H2Client.END_HEADERS : 0),
                                1,
                                java.util.Arrays.copyOf(block, at));
                        while (at < block.length) {
                            int to = Math.min(block.length, at + 16_000);
                            client.frame(
                                    H2Client.CONTINUATION,
                                    to == block.length ? H2Client.END_HEADERS : 0,
                                    1,
                                    java.util.Arrays.copyOfRange(block, at, to));
                            at = to;
                        }
                        assertThat(client.answer(1).status()).isEqualTo(refused.status);
                        assertThat(client.get(3, "/next").answer(3).text()).isEqualTo("ok");
                        assertThat(backend.heads()).hasSize(1);
                    }
                }));
    }

    /** RFC 9113 section 8.3.1. */
    @Test
    void takesHostForTheAuthorityWhenThereIsNoOther() {
        try (RawServer backend = RawServer.saying("ok");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, END_STREAM, ":method", "GET", ":scheme", "http", ":path", "/", "host", "h.test");
            assertThat(client.answer(1).text()).isEqualTo("ok");
            client.headers(3, END_STREAM, request("GET", "/", "host", "EXAMPLE.test"));
            assertThat(client.answer(3).text()).isEqualTo("ok");
            client.headers(
                    5, END_STREAM, ":method", "OPTIONS", ":scheme", "https", ":path", "*", ":authority", "o.test");
            assertThat(client.answer(5).text()).isEqualTo("ok");
            assertThat(backend.heads().get(0)).containsOnlyOnce("\r\nhost: ").contains("host: h.test\r\n");
            assertThat(backend.heads().get(1))
                    .containsOnlyOnce("\r\nHost: ")
                    .contains("Host: example.test\r\n")
                    .doesNotContain("host: ");
            assertThat(backend.heads().get(2)).startsWith("OPTIONS * HTTP/1.1\r\nHost: o.test\r\n");
        }
    }

    /** RFC 9113 section 8.1.1; what the backend was sent must not look whole to it. */
    @Test
    void resetsWhenContentDoesNotAgreeWithItsLength() {
        for (int length : new int[] {4, 6}) {
            try (RawServer backend = RawServer.start(connection -> {
                        connection.readHead();
                        connection.write(connection.readBody(length).length == length ? "HTTP/1.1 200 OK\r\n\r\n" : "");
                    });
                    TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                    H2Client client = H2Client.connect(proxy.port())) {
                client.headers(1, 0, request("POST", "/", "content-length", "5"));
                client.data(1, END_STREAM, new byte[length]);
                assertThat(client.answer(1).status()).isZero();
                assertThat(client.error(1)).isEqualTo(PROTOCOL_ERROR);
            }
        }
    }

    /** The head first: its last line is signed with a pseudonym that may end in a zero as the last chunk does. */
    private static void readChunked(RawServer.Connection connection) throws IOException {
        connection.readHead();
        connection.readUntil("0\r\n\r\n");
    }

    @Test
    void resetsOnMalformedTrailers() {
        for (String[] trailers :
                new String[][] {{":path", "/"}, {"X-Up", "1"}, {"connection", "close"}, {"x", "a\nb"}}) {
            try (RawServer backend = RawServer.start(H2RequestRulesTest::readChunked);
                    TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                    H2Client client = H2Client.connect(proxy.port())) {
                client.headers(1, 0, request("POST", "/")).data(1, 0, "abc").headers(1, END_STREAM, trailers);
                assertThat(client.error(1)).isEqualTo(PROTOCOL_ERROR);
            }
        }
    }

    /** RFC 9113 section 8.1: trailers end the stream. */
    @Test
    void resetsWhenASecondHeadDoesNotEndTheStream() {
        try (RawServer backend = RawServer.start(H2RequestRulesTest::readChunked);
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, request("POST", "/")).headers(1, 0, "x", "1");
            assertThat(client.error(1)).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void refusesABodyThatIsTooLarge() {
        try (RawServer backend = RawServer.start(connection -> connection.readUntil("never"));
                TestProxy proxy = TestProxy.start(
                        TestProxy.to(backend.port()).replace("127.0.0.1:0}", "127.0.0.1:0, limits: {body: 1KiB}}"));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, request("POST", "/", "content-length", "1025"));
            assertThat(client.answer(1).status()).isEqualTo(413);
            client.headers(3, 0, request("POST", "/")).data(3, 0, new byte[600]).data(3, 0, new byte[600]);
            Answer answer = client.answer(3);
            assertThat(answer.status()).isEqualTo(413);
            assertThat(client.ping()).isTrue();
        }
    }
}
