package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.http.Via;
import io.turnout.testing.H2Client;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawClient.Answer;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proxy adds to a message that it passes on, what it believes, and which requests end with it. */
class ForwardingTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n";
    private static final Pattern ID = Pattern.compile("X-Request-Id: ([0-9a-f]{32})\r\n");

    private RawServer backend;
    private TestProxy proxy;
    private TestProxy trusting;

    @BeforeEach
    void start() {
        backend = RawServer.saying("ok");
        String yaml = TestProxy.to(backend.port());
        proxy = TestProxy.start(yaml);
        trusting = TestProxy.start(
                yaml.replace("address: 127.0.0.1:0", "address: 127.0.0.1:0, trustedProxies: [127.0.0.0/8]"));
    }

    @AfterEach
    void stop() {
        proxy.close();
        trusting.close();
        backend.close();
    }

    private Answer send(TestProxy to, String request) {
        try (RawClient client = RawClient.connect(to.port())) {
            return client.send(request).read();
        }
    }

    private String seen() {
        return backend.heads().get(backend.heads().size() - 1);
    }

    @Test
    void signsRequestsAndAnswersWithViaBehindThoseThatAreThere() {
        // RFC 9110 section 7.6.3
        Answer answer = send(proxy, GET + "Via: 1.0 edge\r\n\r\n");
        assertThat(seen()).containsSubsequence("Via: 1.0 edge\r\n", "Via: 1.1 " + Via.PSEUDONYM + "\r\n");
        assertThat(answer.field("via")).isEqualTo("1.1 " + Via.PSEUDONYM);
    }

    @Test
    void saysInViaWhatARequestCameBy() {
        send(proxy, "GET / HTTP/1.0\r\nHost: a\r\n\r\n");
        assertThat(seen()).contains("Via: 1.0 " + Via.PSEUDONYM + "\r\n");
        try (H2Client client = H2Client.connect(proxy.port())) {
            // The backend answered by HTTP/1.1.
            assertThat(client.get(1, "/").answer(1).field("via")).isEqualTo("1.1 " + Via.PSEUDONYM);
        }
        assertThat(backend.heads().get(1)).contains("Via: 2 " + Via.PSEUDONYM + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1 %s", "1.0 edge, 1.1 %s (again), 1.1 x", "HTTP/2 %S"})
    void refusesARequestThatComesBack(String via) {
        Answer answer = send(proxy, GET + "Via: " + String.format(via, Via.PSEUDONYM) + "\r\n\r\n");
        assertThat(answer.status()).isEqualTo(508);
        assertThat(answer.field("proxy-status")).isEqualTo("turnout; error=proxy_loop_detected");
        assertThat(backend.heads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1 turnout", "1.1 turnout-00000000x", "%s 1.1", "1.1 edge (%s)"})
    void takesNoOtherProxyForItself(String via) {
        assertThat(send(proxy, GET + "Via: " + String.format(via, Via.PSEUDONYM) + "\r\n\r\n")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void countsMaxForwardsOfOptionsDownAndAnswersAtZero() {
        // RFC 9110 section 7.6.2
        String options = "OPTIONS / HTTP/1.1\r\nHost: a\r\nMax-Forwards: ";
        assertThat(send(proxy, options + "3\r\n\r\n").status()).isEqualTo(200);
        assertThat(seen()).contains("Max-Forwards: 2\r\n").doesNotContain("Max-Forwards: 3");
        Answer here = send(proxy, options + "0\r\n\r\n");
        assertThat(here.status()).isEqualTo(200);
        assertThat(here.field("allow")).contains("GET");
        assertThat(backend.heads()).hasSize(1);
        assertThat(send(proxy, GET + "Max-Forwards: 0\r\n\r\n").status()).isEqualTo(200);
        assertThat(backend.heads()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Max-Forwards: 0\r\n", "Max-Forwards: 4\r\n"})
    void refusesTrace(String field) {
        // RFC 9110 section 9.3.8
        Answer answer = send(proxy, "TRACE / HTTP/1.1\r\nHost: a\r\nCookie: secret=1\r\n" + field + "\r\n");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.field("allow")).isNotNull();
        assertThat(answer.text()).doesNotContain("secret");
        assertThat(backend.heads()).isEmpty();
    }

    @Test
    void mintsARequestIdThatNobodyElseHas() {
        Set<String> ids = new HashSet<>();
        try (RawClient client = RawClient.connect(proxy.port())) {
            for (int i = 0; i < 50; i++) {
                client.get("/");
                Matcher id = ID.matcher(seen());
                assertThat(id.find()).isTrue();
                ids.add(id.group(1));
            }
        }
        assertThat(ids).hasSize(50);
    }

    @Test
    void believesWhatARequestIsCalledOnlyFromATrustedPeer() {
        send(proxy, GET + "X-Request-Id: forged\r\n\r\n");
        assertThat(seen()).doesNotContain("forged").containsPattern(ID);
        send(trusting, GET + "X-Request-Id: edge-7\r\n\r\n");
        assertThat(seen()).contains("X-Request-Id: edge-7\r\n").doesNotContainPattern(ID);
    }

    @Test
    void leavesTraceContextAlone() {
        String traceparent = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";
        send(proxy, GET + traceparent + "tracestate: a=1\r\n\r\n");
        assertThat(seen()).contains(traceparent + "tracestate: a=1\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Forwarded: for=9.9.9.9",
                "X-Forwarded-For: 9.9.9.9",
                "X-Forwarded-Proto: gopher",
                "X-Forwarded-Host: evil",
                "X-Forwarded-Port: 1",
                "X-Forwarded-Prefix: /admin",
                "X-Forwarded-Ssl: on",
                "X-Real-IP: 9.9.9.9"
            })
    void dropsWhatAnUntrustedPeerSaysOfItself(String field) {
        // RFC 7239 section 8.1
        send(proxy, GET + field + "\r\n\r\n");
        assertThat(seen())
                .doesNotContain(field)
                .contains("X-Forwarded-For: 127.0.0.1\r\n", "X-Forwarded-Proto: http\r\n", "X-Forwarded-Host: a\r\n");
    }

    @Test
    void addsItselfToWhatATrustedPeerSays() {
        send(
                trusting,
                GET + "Forwarded: for=9.9.9.9;proto=https\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n"
                        + "X-Forwarded-Host: shop\r\n\r\n");
        assertThat(seen())
                .containsSubsequence(
                        "Forwarded: for=9.9.9.9;proto=https\r\n", "Forwarded: for=127.0.0.1;proto=http\r\n")
                .contains("X-Forwarded-For: 9.9.9.9, 127.0.0.1\r\n", "X-Forwarded-Proto: https\r\n")
                .contains("X-Forwarded-Host: shop\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "keep,   /a%2Fb/%2E%2e/c%5cd, 200, /c%5Cd",
        "keep,   /a%2f..%2fb,         200, /a%2F..%2Fb",
        "reject, /a%2Fb,              400, ''",
        "reject, /a%5cb,              400, ''",
        "reject, /a%20b,              200, /a%20b",
        "decode, /a%2Fb%5cc,          200, /a/b/c",
        "decode, /a%2f%2E%2e%2fb,     200, /b",
        "decode, /a%2f..%2f..%2fetc,  400, ''",
        "decode, /%2fa,               200, /a",
    })
    void treatsEncodedSlashesAsTheListenerSays(String policy, String path, int status, String sent) {
        // RFC 3986 section 2.2: an encoded delimiter is not the delimiter; CVE-2021-29492
        String yaml = TestProxy.to(backend.port())
                .replace("address: 127.0.0.1:0", "address: 127.0.0.1:0, paths: {encodedSlashes: " + policy + "}");
        try (TestProxy configured = TestProxy.start(yaml)) {
            assertThat(send(configured, "GET " + path + "?%2F HTTP/1.1\r\nHost: a\r\n\r\n")
                            .status())
                    .isEqualTo(status);
            if (status == 200) {
                assertThat(seen()).startsWith("GET " + sent + "?%2F HTTP/1.1\r\n");
            }
        }
    }
}
