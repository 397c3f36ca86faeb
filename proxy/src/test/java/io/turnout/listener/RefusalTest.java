package io.turnout.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is ambiguous is refused, closed, and never reaches a backend; whole or one octet at a time. */
class RefusalTest {
    private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static RawServer backend;
    private static TestProxy proxy;

    /** Takes heads and never answers, so that a body that turns bad half-way is what decides the answer. */
    private static RawServer silentBackend;

    private static TestProxy silentProxy;

    @BeforeAll
    static void start() {
        backend = RawServer.saying("ok");
        proxy = TestProxy.start(TestProxy.to(backend.port()));
        silentBackend = RawServer.start(connection -> {
            connection.readHead();
            connection.readUntil("never");
        });
        silentProxy = TestProxy.start(TestProxy.to(silentBackend.port()));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        backend.close();
        silentProxy.close();
        silentBackend.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                // RFC 9112 section 3, request line
                "400|GET  / HTTP/1.1~Host: a~~",
                "400| GET / HTTP/1.1~Host: a~~",
                "400|GET /~Host: a~~",
                "400|GET / http/1.1~Host: a~~",
                "400|GET / HTTP/1.1 ~Host: a~~",
                "400|GET\t/ HTTP/1.1~Host: a~~",
                "400|G(T / HTTP/1.1~Host: a~~",
                "505|GET / HTTP/2.0~Host: a~~",
                "505|GET / HTTP/1.2~Host: a~~",
                "400|GET / HTTP/1.10~Host: a~~",
                "501|CONNECT a:443 HTTP/1.1~Host: a:443~~",
                // section 3.2, targets
                "400|GET foo HTTP/1.1~Host: a~~",
                "400|GET * HTTP/1.1~Host: a~~",
                "400|GET /a#b HTTP/1.1~Host: a~~",
                "400|GET /a\\b HTTP/1.1~Host: a~~",
                "400|GET /%zz HTTP/1.1~Host: a~~",
                "400|GET /%00 HTTP/1.1~Host: a~~",
                "400|GET /../etc HTTP/1.1~Host: a~~",
                "400|GET http://u:p@a/ HTTP/1.1~Host: a~~",
                "400|GET ftp://a/ HTTP/1.1~Host: a~~",
                // section 3.2, Host
                "400|GET / HTTP/1.1~~",
                "400|GET / HTTP/1.1~Host: a~Host: b~~",
                "400|GET / HTTP/1.1~Host: a~Host: a~~",
                "400|GET / HTTP/1.1~Host: a b~~",
                "400|GET / HTTP/1.1~Host: a/b~~",
                "400|GET / HTTP/1.1~Host: a@b~~",
                "400|GET / HTTP/1.1~Host: a:x~~",
                "400|GET / HTTP/1.1~Host: a:99999~~",
                "400|GET / HTTP/1.1~Host: ~~",
                "400|GET / HTTP/1.1~Host: [::1~~",
                // section 5, field lines
                "400|GET / HTTP/1.1~Host : a~~",
                "400|GET / HTTP/1.1~Host: a~nocolon~~",
                "400|GET / HTTP/1.1~Host: a~: empty~~",
                "400|GET / HTTP/1.1~Host: a~X: 1~ folded~~",
                "400|GET / HTTP/1.1~ X: 1~Host: a~~",
                "400|GET / HTTP/1.1~Host: a~X(: 1~~",
                "400|GET / HTTP/1.1~Host: a~X: a\u0001b~~",
                "400|GET / HTTP/1.1~Host: a~X: a\u007fb~~",
                // section 6, framing
                "400|POST / HTTP/1.1~Host: a~Content-Length: 1~Transfer-Encoding: chunked~~0~~",
                "400|POST / HTTP/1.1~Host: a~Content-Length: 1~Content-Length: 1~~x",
                "400|POST / HTTP/1.1~Host: a~Content-Length: 1, 1~~x",
                "400|POST / HTTP/1.1~Host: a~Content-Length: +1~~x",
                "400|POST / HTTP/1.1~Host: a~Content-Length: 0x1~~x",
                "400|POST / HTTP/1.1~Host: a~Content-Length: ~~x",
                "400|POST / HTTP/1.1~Host: a~Content-Length: 99999999999999999999~~x",
                "400|POST / HTTP/1.1~Host: a~Transfer-Encoding: gzip~~",
                "501|POST / HTTP/1.1~Host: a~Transfer-Encoding: gzip, chunked~~0~~",
                "400|POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked, chunked~~0~~",
                "400|POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked, xchunked~~0~~",
                "400|POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~Transfer-Encoding: identity~~0~~",
                "400|POST / HTTP/1.0~Transfer-Encoding: chunked~~0~~",
                "400|POST / HTTP/1.1~Host: a~Transfer-Encoding: xchunked~~0~~",
                "417|POST / HTTP/1.1~Host: a~Expect: tea~Content-Length: 1~~x",
                // section 7.1, chunks
                "400|POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~x~",
                "400|POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~ 1~a~0~~",
                "400|POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~0x1~a~0~~",
                "400|POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~-1~a~0~~",
                "400|POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~FFFFFFFFFFFFFFFFF~a~0~~",
                "400|POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~1~ab~0~~",
                "400|POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~1 x~a~0~~",
                "400|POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~1~a~0~bad trailer~~",
            })
    void refuses(int status, String octets) {
        String request = octets.replace("~", "\r\n");
        int before = silentBackend.heads().size();
        try (RawClient whole = RawClient.connect(silentProxy.port());
                RawClient dripping = RawClient.connect(silentProxy.port())) {
            assertThat(whole.send(request).read().status()).isEqualTo(status);
            assertThat(whole.isClosed()).isTrue();
            for (byte octet : request.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)) {
                try {
                    dripping.send(new byte[] {octet});
                } catch (java.io.UncheckedIOException e) {
                    break;
                }
            }
            assertThat(dripping.read().status()).isEqualTo(status);
        }
        // A body that turns out bad half-way may have reached a backend by its head, but never as a whole request.
        if (!octets.contains("chunked~~")) {
            assertThat(silentBackend.heads()).hasSize(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", "\u0016\u0003\u0001"})
    void refusesBareLineEndsAndWhatIsNotHttp(String octets) {
        try (RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.send(octets).read().status()).isEqualTo(400);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void closesWithoutAnAnswerWhatIsNotHttpByAnyPartOfItsFirstLine() {
        try (RawClient client = RawClient.connect(proxy.port())) {
            // A mistaken connection preface of HTTP/2 (RFC 9113 section 3.4).
            assertThat(client.send("INVALID CONNECTION PREFACE\r\n\r\n").readAll())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET CONNECTION PREFACE", "INVALID /CONNECTION PREFACE", "INVALID CONNECTION HTTP/x"})
    void answersWhatIsHttpBySomePartOfItsFirstLine(String line) {
        try (RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.send(line + "\r\n\r\n").read().status()).isEqualTo(400);
        }
    }

    @Test
    void refusesALineAHeadAndACountThatAreTooLarge() {
        try (RawClient line = RawClient.connect(proxy.port());
                RawClient head = RawClient.connect(proxy.port());
                RawClient count = RawClient.connect(proxy.port())) {
            assertThat(line.send("GET /" + "a".repeat(17_000) + " HTTP/1.1\r\n")
                            .read()
                            .status())
                    .isEqualTo(414);
            assertThat(head.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(33_000) + "\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(431);
            assertThat(count.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X: 1\r\n".repeat(201) + "\r\n")
                            .read()
                            .status())
                    .isEqualTo(431);
        }
    }

    @Test
    void takesARequestLineOfEightThousandOctets() {
        try (RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.get("/" + "a".repeat(8_000)).status()).isEqualTo(200);
        }
    }

    @Test
    void answersAHeadThatDoesNotArriveInTime() {
        String yaml = TestProxy.to(backend.port())
                .replace("address: 127.0.0.1:0", "address: 127.0.0.1:0, timeouts: {header: 200ms, body: 200ms}");
        try (TestProxy impatient = TestProxy.start(yaml);
                RawClient head = RawClient.connect(impatient.port());
                RawClient body = RawClient.connect(impatient.port())) {
            assertThat(head.send("GET / HTTP/1.1\r\nHost").read().status()).isEqualTo(408);
            assertThat(head.isClosed()).isTrue();
            RawClient.Answer answer = body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")
                    .read();
            // The backend of this test answers as soon as it has the head; either answer is an honest one.
            assertThat(answer.status()).isIn(200, 408);
        }
    }

    @Test
    void refusesABodyOverTheLimitBeforeReadingItAll() {
        String yaml = TestProxy.to(backend.port())
                .replace("address: 127.0.0.1:0", "address: 127.0.0.1:0, limits: {body: 10B}");
        try (TestProxy small = TestProxy.start(yaml);
                RawClient length = RawClient.connect(small.port())) {
            assertThat(length.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(413);
        }
    }

    @Test
    void normalisesThePathItMatchesAndSends() {
        try (RawClient client = RawClient.connect(proxy.port())) {
            client.get("/a/./b//c/../d%7Eé".replace("é", "") + "%2fx?q=%41");
            assertThat(backend.heads().get(backend.heads().size() - 1))
                    .startsWith("GET /a/b/d~%2Fx?q=%41 HTTP/1.1\r\n");
        }
    }

    @Test
    void takesTheAuthorityOfAnAbsoluteTarget() {
        try (RawClient client = RawClient.connect(proxy.port())) {
            client.send("GET http://Other.test:81?x HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(backend.heads().get(backend.heads().size() - 1))
                    .startsWith("GET /?x HTTP/1.1\r\nHost: Other.test:81\r\n")
                    .doesNotContain("Host: a\r\n");
        }
    }

    @Test
    void takesAMethodThatIsTooLongForOneItDoesNotKnow() {
        // RFC 9112 section 3
        try (RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.send("G".repeat(17_000)).read().status()).isEqualTo(501);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Content_Length: 5", "Transfer_Encoding: chunked", "X_Forwarded_For: 9.9.9.9", "x-real_ip: 1"})
    void dropsFieldsThatOnlyLookLikeThoseItActsOn(String field) {
        try (RawClient client = RawClient.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\nOther_Field: 1\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(backend.heads().get(backend.heads().size() - 1))
                    .doesNotContain(field)
                    .contains("Other_Field: 1\r\n");
        }
    }

    @Test
    void enduresOnlySoManyOdditiesOnOneConnection() {
        String odd = "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
        try (TestProxy patient = TestProxy.start(enduring(10, backend));
                RawClient client = RawClient.connect(patient.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.send(odd).read().status()).isEqualTo(200);
            }
            assertThat(client.send(odd).read().status()).isEqualTo(400);
            assertThat(client.isClosed()).isTrue();
            assertThat(patient.counted(Count.REFUSED_GLITCHES)).isEqualTo(1);
        }
    }

    @Test
    void enduresOnlySoManyChunkExtensionsInOneBody() {
        try (TestProxy patient = TestProxy.start(enduring(10, silentBackend));
                RawClient client = RawClient.connect(patient.port())) {
            client.send(CHUNKED + "1;a=b\r\nx\r\n".repeat(11));
            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.isClosed()).isTrue();
            assertThat(patient.counted(Count.REFUSED_GLITCHES)).isEqualTo(1);
        }
    }

    @Test
    void addsUpChunkExtensionsOverTheRequestsOfAConnection() {
        try (RawServer reader = RawServer.start(connection -> {
                    while (true) {
                        connection.readHead();
                        connection.readUntil("0\r\n\r\n");
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                TestProxy patient = TestProxy.start(enduring(10, reader));
                RawClient client = RawClient.connect(patient.port())) {
            String request = CHUNKED + "1;a=b\r\nx\r\n".repeat(5) + "0\r\n\r\n";
            assertThat(client.send(request).read().status()).isEqualTo(200);
            assertThat(client.send(request).read().status()).isEqualTo(200);
            assertThat(client.send(request).read().status()).isEqualTo(400);
            assertThat(client.isClosed()).isTrue();
            assertThat(patient.counted(Count.REFUSED_GLITCHES)).isEqualTo(1);
        }
    }

    @Test
    void countsTrailersThatMustNotBeAtTheEndOfTheirOwnRequest() {
        try (TestProxy patient = TestProxy.start(enduring(10, silentBackend));
                RawClient client = RawClient.connect(patient.port())) {
            client.send(CHUNKED + "1\r\nx\r\n0\r\n" + "Content-Length: 1\r\n".repeat(11) + "\r\n");
            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.isClosed()).isTrue();
            assertThat(patient.counted(Count.REFUSED_GLITCHES)).isEqualTo(1);
        }
    }

    private static String enduring(int glitches, RawServer behind) {
        return TestProxy.to(behind.port())
                .replace("address: 127.0.0.1:0", "address: 127.0.0.1:0, limits: {glitches: " + glitches + "}");
    }
}
