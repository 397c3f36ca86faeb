package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.testing.RawClient;
import io.turnout.testing.RawClient.Answer;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What goes through, goes through whole and unchanged; what a proxy owns, it replaces. */
class RelayTest {
    private static final String POST = "POST /p HTTP/1.1\r\nHost: example.test\r\n";

    /** By which the clients of this class come. */
    String scheme() {
        return "http";
    }

    @Test
    void relaysAnswersAndKeepsBothConnections() {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            for (int i = 0; i < 3; i++) {
                Answer answer = client.get("/a?b=" + i);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("hello");
                assertThat(answer.field("via")).startsWith("1.1 turnout-");
                assertThat(answer.field("date")).isNotNull();
            }
            assertThat(backend.connections()).isEqualTo(1);
            assertThat(backend.heads().get(2))
                    .startsWith("GET /a?b=2 HTTP/1.1\r\nHost: example.test\r\n")
                    .contains("X-Forwarded-For: 127.0.0.1\r\n")
                    .contains("X-Forwarded-Proto: " + scheme() + "\r\n")
                    .contains("X-Forwarded-Host: example.test\r\n")
                    .contains("Via: 1.1 turnout-");
        }
    }

    @Test
    void relaysARequestThatDripsInOctetByOctet() {
        try (RawServer backend = echo();
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.drip("\r\n" + POST + "Content-Length: 5\r\n\r\nhello");
            assertThat(client.read().text()).isEqualTo("hello");
            client.drip(POST + "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("abcde");
        }
    }

    @Test
    void reframesChunksAndDropsTheirExtensions() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    String body = connection.readUntil("0\r\n\r\n");
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\n0005;a=\"b\"\r\nhello\r\n0\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("5\r\nhello\r\n0\r\n\r\n");
        }
    }

    @Test
    void carriesTrailersAndDropsThoseThatMustNotBe() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    String rest = connection.readUntil("\r\n\r\n");
                    connection.write("HTTP/1.1 200 OK\r\nX-Saw: " + rest.contains("x-sum: 1") + "-"
                            + rest.contains("host") + "\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"
                            + "grpc-status: 0\r\ncontent-length: 9\r\n\r\n");
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nx-sum: 1\r\nhost: evil\r\n\r\n");
            Answer answer = client.read();
            assertThat(answer.field("x-saw")).isEqualTo("true-false");
            assertThat(answer.trailers()).isEqualTo("grpc-status: 0");
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() {
        try (RawServer backend = RawServer.start(connection -> {
                    for (String head; !(head = connection.readHead()).isEmpty(); ) {
                        String target = head.split(" ")[1];
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + target.length() + "\r\n\r\n" + target);
                    }
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 500; i++) {
                requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            client.send(requests.toString());
            for (int i = 0; i < 500; i++) {
                assertThat(client.read().text()).isEqualTo("/" + i);
            }
        }
    }

    @Test
    void sendsNoBodyWhereThereIsNone() {
        try (RawServer backend = RawServer.start(connection -> {
                    while (true) {
                        String head = connection.readHead();
                        if (head.isEmpty()) {
                            return;
                        }
                        String status = head.split(" ")[1].substring(1);
                        connection.write("HTTP/1.1 " + status + " X\r\nContent-Length: 5\r\n\r\n");
                    }
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("HEAD /200 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.read("HEAD").field("content-length")).isEqualTo("5");
            assertThat(client.get("/304").status()).isEqualTo(304);
            assertThat(client.get("/204").status()).isEqualTo(204);
            assertThat(client.get("/304").status()).isEqualTo(304);
        }
    }

    @Test
    void turnsAnAnswerThatEndsWithItsConnectionIntoChunks() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.0 200 OK\r\n\r\nuntil the end");
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            for (int i = 0; i < 2; i++) {
                Answer answer = client.get("/");
                assertThat(answer.field("transfer-encoding")).isEqualTo("chunked");
                assertThat(answer.text()).isEqualTo("until the end");
                assertThat(answer.whole()).isTrue();
            }
        }
    }

    @Test
    void speaksHttp10ToAClientThatDoes() {
        try (RawServer backend = RawServer.answering(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            Answer answer = client.read();
            assertThat(answer.field("transfer-encoding")).isNull();
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(answer.text()).isEqualTo("ok");
            assertThat(backend.heads().get(0)).contains("Host: 127.0.0.1:" + backend.port() + "\r\n");
        }
    }

    @Test
    void keepsAnHttp10ConnectionThatAsksForIt() {
        try (RawServer backend = RawServer.saying("ok");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                assertThat(client.read().field("connection")).isEqualTo("keep-alive");
            }
        }
    }

    @Test
    void passesInterimAnswersOnButNotToHttp10() {
        String answers =
                "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        try (RawServer backend = RawServer.answering(answers);
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.get("/").status()).isEqualTo(103);
            assertThat(client.read().text()).isEqualTo("ok");
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void letsTheBackendDecideOnExpectContinue() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 100 Continue\r\n\r\n");
                    byte[] body = connection.readBody(5);
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
                            + new String(body, java.nio.charset.StandardCharsets.ISO_8859_1));
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send(POST + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(100);
            client.send("hello");
            assertThat(client.read().text()).isEqualTo("hello");
        }
    }

    @Test
    void forwardsAnEarlyAnswerAndClosesAfterwards() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send(POST + "Content-Length: 1000000\r\n\r\nsome");
            Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(answer.text()).isEqualTo("big");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void answersAClientThatHasClosedItsSide() throws Exception {
        try (RawServer backend = RawServer.saying("late");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.socket().shutdownOutput();
            assertThat(client.readAll()).endsWith("late");
        }
    }

    @Test
    void removesWhatConcernsOnlyOneConnection() {
        try (RawServer backend = RawServer.answering(
                        "HTTP/1.1 200 OK\r\nConnection: x-hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n"
                                + "X-Stay: 1\r\nContent-Length: 0\r\n\r\n");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: X-Secret, Host, Content-Length\r\nX-Secret: 1\r\n"
                    + "Keep-Alive: 1\r\nProxy-Connection: keep-alive\r\nTE: gzip, trailers\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AA\r\nX-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\nX-Keep: 1\r\n\r\n");
            Answer answer = client.read();
            assertThat(answer.head())
                    .doesNotContain("X-Hop")
                    .doesNotContain("Keep-Alive")
                    .contains("X-Stay: 1");
            assertThat(backend.heads().get(0))
                    .contains("Host: a\r\n")
                    .contains("X-Keep: 1\r\n")
                    .contains("TE: trailers\r\n")
                    .contains("X-Forwarded-For: 127.0.0.1\r\n")
                    .doesNotContain("X-Secret")
                    .doesNotContain("1.2.3.4")
                    .doesNotContain("Upgrade")
                    .doesNotContain("HTTP2-Settings")
                    .doesNotContain("Proxy-Connection")
                    .doesNotContain("gzip");
        }
    }

    @Test
    void relaysLargeBodiesBothWaysUnchanged() {
        byte[] body = new byte[8 * 1024 * 1024];
        new Random(7).nextBytes(body);
        try (RawServer backend = echo();
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send(POST + "Content-Length: " + body.length + "\r\n\r\n");
            Thread sender = new Thread(() -> client.send(body), "sender");
            sender.start();
            assertThat(client.read().body()).isEqualTo(body);
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void saysWhenThereIsNoRoute() {
        String yaml = "listeners: [{name: web, address: 127.0.0.1:0}]\npools: {p: [127.0.0.1:1]}\nroutes:\n"
                + "  - {name: r, match: {host: known.test}, split: {p: 1}}\n";
        try (TestProxy proxy = TestProxy.start(yaml);
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.get("/").status()).isEqualTo(404);
            assertThat(client.get("/").status()).isEqualTo(404);
        }
    }

    /** Answers with the request body, in the framing it came in. */
    private static RawServer echo() {
        return RawServer.start(connection -> {
            for (String head; !(head = connection.readHead()).isEmpty(); ) {
                if (head.contains("chunked")) {
                    String body = connection.readUntil("0\r\n\r\n");
                    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
                } else {
                    int at = head.indexOf("Content-Length: ");
                    int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
                    byte[] body = connection.readBody(length);
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
                    connection.write(body);
                }
            }
        });
    }
}
