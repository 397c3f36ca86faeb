package io.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the listener does on the wire, whatever the calls say. */
class AdminWireTest {
    private final CompletableFuture<Answer> late = new CompletableFuture<>();
    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server = start(Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private AdminServer start(Duration requestWithin) throws IOException {
        return AdminServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                request -> {
                    if (request.target().equals("/late")) {
                        return late;
                    }
                    if (request.target().equals("/broken")) {
                        throw new IllegalStateException("secret internals");
                    }
                    String body = request.method() + " " + request.target() + " "
                            + request.body().size();
                    return CompletableFuture.completedFuture(Answer.text(200, body));
                },
                InstantSource.system(),
                requestWithin,
                () -> {});
    }

    private String exchange(String request) throws IOException {
        return RawClient.exchange(server.address(), request);
    }

    @Test
    void answersOneRequestAfterTheOtherOnOneConnection() throws IOException {
        String answers = exchange("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
                + "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                + "GET /c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(4);
        assertThat(answers).containsSubsequence("GET /a 0", "POST /b 3", "GET /c 0");
    }

    @Test
    void keepsTheOrderOfPipelinedRequestsWhenTheFirstAnswerIsLate() throws IOException {
        try (var client = new RawClient(server.address())) {
            client.send("GET /late HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(exchange("GET /c HTTP/1.0\r\n\r\n")).contains("GET /c");
            late.complete(Answer.text(200, "late"));

            assertThat(client.rest()).containsSubsequence("late", "GET /b");
        }
    }

    @Test
    void answersAClientThatSendsNoMore() throws IOException {
        try (var client = new RawClient(server.address())) {
            client.send("GET /late HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
            client.sendNoMore();
            late.complete(Answer.text(200, "late"));

            assertThat(client.rest()).containsSubsequence("late", "GET /b");
        }
    }

    @Test
    void answersARequestThatArrivesOneOctetAtATime() throws IOException {
        try (var client = new RawClient(server.address())) {
            String request = "POST /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc";
            for (int i = 0; i < request.length(); i++) {
                client.send(request.substring(i, i + 1));
            }

            assertThat(client.rest()).contains("POST /b 3");
        }
    }

    @Test
    void answersHeadWithoutABody() throws IOException {
        String answer = exchange("HEAD /abc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer).contains("content-length: 11").endsWith("\r\n\r\n");
    }

    @Test
    void refusesABodyOfAnnouncedLengthBeyondTheLimitWithoutWaitingForIt() throws IOException {
        String answer = exchange("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 413")
                .contains("application/problem+json", "\"expected\":\"at most 1048576 bytes\"");
    }

    @Test
    void refusesAChunkedBodyThatGrowsBeyondTheLimitAndStillDeliversTheAnswer() throws IOException {
        try (var client = new RawClient(server.address())) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 17; i++) {
                client.send("10000\r\n" + "x".repeat(0x10000) + "\r\n");
            }

            assertThat(client.rest()).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void invitesABodyThatFitsAndRefusesOneThatDoesNotBeforeItIsSent() throws IOException {
        try (var client = new RawClient(server.address())) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            assertThat(client.until("\r\n\r\n")).startsWith("HTTP/1.1 100");
            client.send("abc");
            assertThat(client.until("POST / 3")).startsWith("HTTP/1.1 200");
        }
        assertThat(exchange("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n"))
                .startsWith("HTTP/1.1 413");
    }

    @Test
    void expectationsItDoesNotKnowAreNotHeldAgainstARequest() throws IOException {
        assertThat(
                        exchange(
                                "POST / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"))
                .startsWith("HTTP/1.1 200")
                .endsWith("POST / 3");
    }

    @Test
    void refusesLinesAndHeadersBeyondTheirLimits() throws IOException {
        assertThat(exchange("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 414");
        assertThat(exchange("GET / HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(17_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
    }

    @Test
    void refusesWhatIsNotHttp() throws IOException {
        assertThat(exchange("GET / HTTP/1.1\r\nHost : x\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(
                        exchange(
                                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void tellsASlowClientAndClosesASilentOne() throws IOException {
        try (AdminServer impatient = start(Duration.ofMillis(200));
                var slow = new RawClient(impatient.address());
                var silent = new RawClient(impatient.address())) {
            slow.send("GET / HT");

            assertThat(slow.rest()).startsWith("HTTP/1.1 408").contains("connection: close");
            assertThat(silent.rest()).isEmpty();
        }
    }

    @Test
    void tellsNothingOfItsInsidesWhenACallFails() throws IOException {
        assertThat(exchange("GET /broken HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 500")
                .contains("urn:turnout:problem:internal")
                .doesNotContain("secret");
    }

    @Test
    void saysInOneLineWhichAddressCannotBeHad() {
        assertThatIOException()
                .isThrownBy(() -> AdminServer.start(
                        server.address(), request -> late, InstantSource.system(), Duration.ofSeconds(1), () -> {}))
                .withMessageStartingWith(
                        "admin: cannot listen on 127.0.0.1:" + server.address().getPort())
                .withMessageNotContaining("\n");
    }
}
