package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.testing.RawClient;
import io.turnout.testing.RawClient.Answer;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message that goes through keeps and loses, rule by rule. */
class MessageRulesTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private final AtomicReference<String> says = new AtomicReference<>(OK);
    private RawServer backend;
    private TestProxy proxy;
    private RawClient client;

    @BeforeEach
    void start() {
        backend = RawServer.start(connection -> {
            while (!connection.readHead().isEmpty()) {
                connection.write(says.get());
            }
        });
        proxy = TestProxy.start(TestProxy.to(backend.port()));
        client = RawClient.connect(proxy.port());
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        backend.close();
    }

    private String seen() {
        return backend.heads().get(backend.heads().size() - 1);
    }

    @Test
    void trimsOnlySpaceAndTabAroundValues() {
        // RFC 9110 section 5.5: obs-text is part of the value, next-line and no-break space included
        client.send(GET + "X-A: \t a\tb \t\r\nX-B: \u0085x\u00a0\r\nX-C:\r\n\r\n")
                .read();
        assertThat(seen()).contains("X-A: a\tb\r\n", "X-B: \u0085x\u00a0\r\n", "X-C: \r\n");
    }

    @Test
    void keepsTheOrderOfFieldsAndMergesNone() {
        // RFC 9110 section 5.3
        says.set("HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX: 1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n");
        Answer answer =
                client.send(GET + "Accept: a\r\nX: 1\r\nAccept: b\r\n\r\n").read();
        assertThat(seen()).containsSubsequence("Accept: a\r\n", "X: 1\r\n", "Accept: b\r\n");
        assertThat(answer.head()).containsSubsequence("Set-Cookie: a=1\r\n", "X: 1\r\n", "Set-Cookie: b=2\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROPFIND", "M-SEARCH", "get", "X!#$%&'*+-.^_`|~9", "QUERY"})
    void passesMethodsItDoesNotKnow(String method) {
        // RFC 9110 section 9.1: methods are case-sensitive tokens
        client.send(method + " /x HTTP/1.1\r\nHost: a\r\nX-Unknown: kept\r\n\r\n")
                .read();
        assertThat(seen()).startsWith(method + " /x HTTP/1.1\r\n").contains("X-Unknown: kept\r\n");
    }

    @Test
    void removesSpaceBeforeAColonInAnswers() {
        // RFC 9112 section 5.1
        says.set("HTTP/1.1 200 OK\r\nX-Odd \t: v\r\nContent-Length: 0\r\n\r\n");
        assertThat(client.get("/").head()).contains("X-Odd: v\r\n");
    }

    @Test
    void passesAReasonPhraseOnOrGivesTheUsualOne() {
        // RFC 9112 section 4
        says.set("HTTP/1.1 200 Fine by me\r\nContent-Length: 0\r\n\r\n");
        assertThat(client.get("/").head()).startsWith("HTTP/1.1 200 Fine by me\r\n");
        says.set("HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n");
        assertThat(client.get("/").head()).startsWith("HTTP/1.1 404 Not Found\r\n");
    }

    @Test
    void saysNothingOfABodyWhereThereIsNone() {
        // RFC 9110 section 8.6, RFC 9112 section 6.1
        says.set("HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\n"
                + "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n");
        Answer interim = client.send(GET + "\r\n").read();
        assertThat(interim.status()).isEqualTo(103);
        assertThat(interim.field("content-length")).isNull();
        Answer answer = client.read();
        assertThat(answer.field("content-length")).isNull();
        assertThat(answer.field("transfer-encoding")).isNull();
        says.set("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertThat(client.get("/").field("transfer-encoding")).isNull();
    }

    @Test
    void parsesNothingBehindAnError() {
        // RFC 9112 section 9.6
        client.send(GET + "Bad Field: 1\r\n\r\n" + GET + "\r\n" + GET + "\r\n");
        assertThat(client.read().status()).isEqualTo(400);
        assertThat(client.isClosed()).isTrue();
        assertThat(backend.heads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "Content-Length",
                "Authorization",
                "Cookie",
                "X-Forwarded-For",
                "Forwarded",
                "Via",
                "X-Request-Id",
                "Content-Type",
                "Turnout-Mirror"
            })
    void neverLetsConnectionNameAwayWhatMatters(String named) {
        // RFC 9110 section 7.6.1 as an attack: hop-by-hop abuse
        String own = named.equals("Host") || named.equals("Content-Length") ? "" : named + ": 1.1 x\r\n";
        client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close, " + named + "\r\nContent-Length: 1\r\n" + own
                + "\r\nx");
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(seen()).contains("Host: a\r\n", "Content-Length: 1\r\n", "X-Forwarded-For: 127.0.0.1\r\n");
        if (!own.isEmpty() && !named.contains("orwarded") && !named.equals("X-Request-Id")) {
            assertThat(seen()).contains(own);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"trailers|true", "gzip, trailers;q=1|true", "gzip|false", "trailersx|false"})
    void passesOnlyTrailersOfTe(String te, boolean passed) {
        // RFC 9110 section 10.1.4
        client.send(GET + "Connection: TE\r\nTE: " + te + "\r\n\r\n").read();
        assertThat(seen().contains("TE: trailers\r\n")).isEqualTo(passed);
        assertThat(seen()).doesNotContain("gzip");
    }

    @Test
    void removesWhatTheAnswersConnectionNames() {
        // RFC 9110 section 7.6.1
        says.set("HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nProxy-Connection: x\r\n"
                + "Upgrade: x\r\nX-End: 1\r\nContent-Length: 0\r\n\r\n");
        assertThat(client.get("/").head())
                .contains("X-End: 1\r\n")
                .doesNotContain("X-Hop")
                .doesNotContain("Keep-Alive")
                .doesNotContain("Proxy-Connection")
                .doesNotContain("Upgrade");
    }

    @Test
    void addsADateOnlyWhereThereIsNone() {
        // RFC 9110 section 6.6.1
        assertThat(client.get("/").field("date")).endsWith("GMT");
        says.set("HTTP/1.1 200 OK\r\nDate: Tue, 15 Nov 1994 08:12:31 GMT\r\nContent-Length: 0\r\n\r\n");
        assertThat(client.get("/").head()).containsOnlyOnce("Date: ").contains("15 Nov 1994");
    }

    @Test
    void leavesPayloadAndItsCodingAlone() {
        // RFC 9110 section 7.7
        says.set(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nETag: \"x\"\r\nContent-Length: 4\r\n\r\n\u001f\u008b\0\u00ff");
        Answer answer = client.send(GET + "Accept-Encoding: gzip\r\n\r\n").read();
        assertThat(answer.field("content-encoding")).isEqualTo("gzip");
        assertThat(answer.text()).isEqualTo("\u001f\u008b\0\u00ff");
        assertThat(seen()).contains("Accept-Encoding: gzip\r\n");
    }

    @Test
    void makesAValidMessageOfAnOldOneWithoutHost() {
        // RFC 9112 section 3.2, HTTP/1.0
        client.send("GET / HTTP/1.0\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(seen()).startsWith("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + backend.port() + "\r\n");
    }

    @Test
    void pairsAnswersWithTheirRequestsAfterInterimOnes() {
        // CVE-2026-42584: an interim answer must not make the next HEAD's answer look like a GET's
        says.set("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.read("HEAD").status()).isEqualTo(103);
        assertThat(client.read("HEAD").field("content-length")).isEqualTo("5");
        says.set("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        assertThat(client.get("/").text()).isEqualTo("ok");
    }
}
