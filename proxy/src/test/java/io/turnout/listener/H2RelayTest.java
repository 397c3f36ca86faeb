package io.turnout.listener;

import static io.turnout.testing.H2Client.END_STREAM;
import static io.turnout.testing.H2Client.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.H2Client;
import io.turnout.testing.H2Client.Answer;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** HTTP/2 from clients with prior knowledge, relayed to HTTP/1 backends. */
class H2RelayTest {
    @Test
    void relaysARequestAndItsAnswer() {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            Answer answer = client.get(1, "/a?b=1", "x-one", "1").answer(1);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("hello");
            assertThat(answer.whole()).isTrue();
            assertThat(answer.field("content-length")).isEqualTo("5");
            assertThat(answer.field("date")).isNotNull();
            assertThat(backend.heads().get(0))
                    .startsWith("GET /a?b=1 HTTP/1.1\r\nHost: example.test\r\nx-one: 1\r\n")
                    .contains("X-Forwarded-For: 127.0.0.1\r\n")
                    .contains("X-Forwarded-Host: example.test\r\n");
        }
    }

    @Test
    void servesManyStreamsAtOnceEachToItsOwnBackend() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(20);
        RawServer.Script script = connection -> {
            String head = connection.readHead();
            all.countDown();
            try {
                all.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            String path = head.split(" ", 3)[1];
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
            connection.readHead();
        };
        try (RawServer blue = RawServer.start(script);
                RawServer green = RawServer.start(script);
                TestProxy proxy = TestProxy.start(TestProxy.split(
                        "blue: 50, green: 50",
                        "blue: [127.0.0.1:" + blue.port() + "], green: [127.0.0.1:" + green.port() + "]"));
                H2Client client = H2Client.connect(proxy.port())) {
            for (int i = 0; i < 20; i++) {
                client.get(1 + 2 * i, "/" + i);
            }
            for (int i = 0; i < 20; i++) {
                assertThat(client.answer(1 + 2 * i).text()).isEqualTo("/" + i);
            }
            assertThat(blue.connections()).isEqualTo(10);
            assertThat(green.connections()).isEqualTo(10);
            assertThat(proxy.counted(Count.CONNECTIONS_OPEN)).isEqualTo(1);
        }
    }

    @Test
    void streamsBodiesBothWaysWithinTheWindows() {
        byte[] body = new byte[300_000];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) ('a' + i % 26);
        }
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    byte[] got = connection.readBody(body.length);
                    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + Integer.toHexString(got.length) + "\r\n");
                    connection.write(got);
                    connection.write("\r\n0\r\n\r\n");
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, request("PUT", "/up", "content-length", Integer.toString(body.length)));
            int sent = 0;
            int window = 65_535;
            while (sent < body.length) {
                while (window < 16_384 && window < body.length - sent) {
                    H2Client.Frame update = client.await(H2Client.WINDOW_UPDATE);
                    assertThat(update).isNotNull();
                    window += update.stream() == 1 ? update.number(0) : 0;
                }
                int length = Math.min(16_384, body.length - sent);
                client.data(
                        1,
                        sent + length == body.length ? END_STREAM : 0,
                        Arrays.copyOfRange(body, sent, sent + length));
                sent += length;
                window -= length;
            }
            int acknowledged = 0;
            while (client.soFar(1).body().length < body.length && acknowledged >= 0) {
                client.await(H2Client.DATA);
                int length = client.soFar(1).body().length - acknowledged;
                acknowledged += length;
                if (length > 0) {
                    client.frame(H2Client.WINDOW_UPDATE, 0, 0, length).frame(H2Client.WINDOW_UPDATE, 0, 1, length);
                }
            }
            assertThat(client.answer(1).whole()).isTrue();
            assertThat(client.soFar(1).body()).isEqualTo(body);
        }
    }

    /** RFC 9113 section 5.2: what the client does not take, nobody holds for it. */
    @Test
    void readsUpstreamOnlyAsFastAsTheClientTakesIt() {
        java.util.concurrent.atomic.AtomicLong written = new java.util.concurrent.atomic.AtomicLong();
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
                    byte[] piece = new byte[65_536];
                    while (true) {
                        connection.write(piece);
                        written.addAndGet(piece.length);
                    }
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.get(1, "/");
            while (client.soFar(1).body().length < 65_535) {
                client.next();
            }
            long[] last = {-1};
            Awaitility.await().pollInterval(300, TimeUnit.MILLISECONDS).until(() -> {
                boolean settled = written.get() == last[0];
                last[0] = written.get();
                return settled;
            });
            // Socket buffers of two kernels' ends and one read of ours: nothing near the whole.
            assertThat(written.get()).isLessThan(40_000_000);
            assertThat(client.ping()).isTrue();
        }
    }

    /** RFC 9113 section 8.2.3. */
    @Test
    void joinsCookieCrumbs() {
        try (RawServer backend = RawServer.saying("ok");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.get(1, "/", "cookie", "a=b", "x-between", "1", "cookie", "c=d", "cookie", "e=f")
                    .answer(1);
            assertThat(backend.heads().get(0)).containsOnlyOnce("cookie: ").contains("cookie: a=b; c=d; e=f\r\n");
        }
    }

    /** RFC 9113 section 8.1. */
    @Test
    void carriesTrailersBothWays() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    String rest = connection.readUntil("\r\n\r\n");
                    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Saw: "
                            + rest.contains("x-sum: 1\r\n") + rest.contains("content-length")
                            + "\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 2\r\nContent-Length: 7\r\n\r\n");
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, request("POST", "/", "te", "trailers"));
            client.data(1, 0, "hello");
            client.headers(1, END_STREAM, "x-sum", "1", "content-length", "9");
            Answer answer = client.answer(1);
            assertThat(answer.field("x-saw")).isEqualTo("truefalse");
            assertThat(answer.text()).isEqualTo("ok");
            assertThat(answer.trailer("x-sum")).isEqualTo("2");
            assertThat(answer.trailer("content-length")).isNull();
            assertThat(backend.heads().get(0)).contains("TE: trailers\r\n").contains("Transfer-Encoding: chunked\r\n");
        }
    }

    /** RFC 9113 section 8.1: an answer that is cut upstream must not look whole here. */
    @Test
    void resetsTheStreamWhenTheOriginCutsItsAnswer() {
        for (String framing :
                new String[] {"Content-Length: 100\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"}) {
            try (RawServer backend = RawServer.start(connection -> {
                        connection.readHead();
                        connection.write("HTTP/1.1 200 OK\r\n" + framing);
                    });
                    TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                    H2Client client = H2Client.connect(proxy.port())) {
                Answer answer = client.get(1, "/").answer(1);
                assertThat(answer.whole()).isFalse();
                assertThat(answer.reset()).isEqualTo(H2Client.INTERNAL_ERROR);
                assertThat(client.ping()).isTrue();
            }
        }
    }

    /** RFC 9112 section 8: the end of the connection ends such an answer, and only a clean end does. */
    @Test
    void endsTheStreamOnTheCleanEndOfACloseDelimitedAnswer() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\n\r\nuntil the end");
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            Answer answer = client.get(1, "/").answer(1);
            assertThat(answer.whole()).isTrue();
            assertThat(answer.text()).isEqualTo("until the end");
        }
    }

    /** RFC 9110 section 15.2. */
    @Test
    void passesInterimAnswersOn() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                    connection.write("HTTP/1.1 100 Continue\r\n\r\n");
                    connection.readBody(2);
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, request("POST", "/", "expect", "100-continue", "content-length", "2"));
            while (client.soFar(1).interim().size() < 2) {
                assertThat(client.next()).isNotNull();
            }
            client.data(1, END_STREAM, "hi");
            Answer answer = client.answer(1);
            assertThat(answer.interim()).containsExactly("103", "100");
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    /** RFC 9113 section 8.1: the whole answer first, then RST_STREAM with NO_ERROR. */
    @Test
    void stopsAnUploadThatHasBeenAnsweredEarly() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
                    connection.readUntil("never");
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, request("POST", "/", "content-length", "1000000"));
            client.data(1, 0, new byte[1000]);
            Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.text()).isEqualTo("no");
            assertThat(answer.whole()).isTrue();
            while (answer.reset() < 0) {
                assertThat(client.next()).isNotNull();
            }
            assertThat(answer.reset()).isEqualTo(H2Client.NO_ERROR);
            // What was on its way is no fault of the client's: the connection lives and answers no further reset.
            client.data(1, 0, new byte[1000]).headers(1, END_STREAM, "x-late", "1");
            assertThat(client.ping()).isTrue();
        }
    }

    @Test
    void answersHeadAndBodylessStatusWithEndOfStreamOnTheHead() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                    connection.readHead();
                    connection.write("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n");
                    connection.readHead();
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()), 1, Transport.Wish.AUTO);
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, END_STREAM, request("HEAD", "/"));
            H2Client.Frame head = client.await(H2Client.HEADERS);
            assertThat(head).isNotNull();
            assertThat(head.has(END_STREAM)).isTrue();
            assertThat(client.answer(1).field("content-length")).isEqualTo("5");
            assertThat(client.get(3, "/").answer(3).status()).isEqualTo(304);
        }
    }

    @Test
    void abandonsTheUpstreamRequestWhenTheClientResets() throws InterruptedException {
        CountDownLatch gone = new CountDownLatch(1);
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    if (connection.read() < 0) {
                        gone.countDown();
                    }
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.get(1, "/");
            Awaitility.await().until(() -> backend.heads().size() == 1);
            client.frame(H2Client.RST_STREAM, 0, 1, H2Client.CANCEL);
            assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(client.ping()).isTrue();
            assertThat(proxy.counted(Count.EXCHANGES_ACTIVE)).isZero();
        }
    }

    @Test
    void answersForItselfWhenThereIsNoBackend() throws java.io.IOException {
        try (TestProxy proxy = TestProxy.start(TestProxy.to(io.turnout.testing.Nginx.freePort()));
                H2Client client = H2Client.connect(proxy.port())) {
            Answer answer = client.get(1, "/").answer(1);
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.whole()).isTrue();
            assertThat(answer.field("proxy-status")).contains("connection_refused");
        }
    }

    @Test
    void readsAPrefaceThatDripsInAndLeavesHttp1Alone() {
        try (RawServer backend = RawServer.saying("ok");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.raw(proxy.port());
                RawClient old = RawClient.connect(proxy.port())) {
            for (byte octet : H2Client.PREFACE.getBytes(StandardCharsets.US_ASCII)) {
                client.send(new byte[] {octet});
            }
            client.frame(H2Client.SETTINGS, 0, 0);
            assertThat(client.get(1, "/").answer(1).text()).isEqualTo("ok");
            old.drip("P").drip("RI / HTTP/1.1\r\nHost: example.test\r\n\r\n");
            assertThat(old.read().text()).isEqualTo("ok");
        }
    }

    /** RFC 9113 section 6.8: a warning first, then the last stream's number, and the streams are finished. */
    @Test
    void keepsTrailersThatComeAfterTheAnswerAwayFromTheNextRequest() {
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    connection.heads().add(connection.readUntil("0\r\n") + connection.readUntil("\r\n"));
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            // With no window for the answer, it is over for the exchange and not for the stream.
            client.setting(4, 0).headers(1, 0, H2Client.request("POST", "/first"));
            assertThat(client.status(1)).isEqualTo(200);
            client.headers(1, H2Client.END_STREAM, "x-late", "1");
            client.frame(H2Client.WINDOW_UPDATE, 0, 1, 100);
            assertThat(client.answer(1).text()).isEqualTo("ok");
            client.headers(3, 0, H2Client.request("POST", "/second")).data(3, H2Client.END_STREAM, "body");
            client.frame(H2Client.WINDOW_UPDATE, 0, 3, 100);
            assertThat(client.answer(3).text()).isEqualTo("ok");
            Awaitility.await().until(() -> backend.heads().stream().anyMatch(head -> head.contains("body")));
            assertThat(backend.heads()).noneMatch(head -> head.contains("x-late"));
        }
    }

    @Test
    void letsARequestEndByItselfThatWasNearlyThereWhenItWasAnswered() {
        try (RawServer backend = RawServer.saying("ok");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.headers(1, 0, H2Client.request("POST", "/"));
            assertThat(client.readUntil(1, "ok")).isEqualTo("ok");
            client.data(1, H2Client.END_STREAM, "late").get(3, "/");
            assertThat(client.answer(3).text()).isEqualTo("ok");
            assertThat(client.soFar(1).reset()).isIn(-1, H2Client.NO_ERROR);
        }
    }

    @Test
    void drainsInTwoStepsWithoutLosingAStream() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    try {
                        finish.await(30, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    connection.readHead();
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.get(1, "/");
            Awaitility.await().until(() -> backend.heads().size() == 1);
            Thread draining = new Thread(() -> proxy.plane().drain(10_000_000_000L));
            draining.start();
            H2Client.Frame warning = client.await(H2Client.GOAWAY);
            assertThat(warning).isNotNull();
            assertThat(warning.number(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(warning.number(4)).isEqualTo(H2Client.NO_ERROR);
            client.get(3, "/opened-before-it-knew");
            H2Client.Frame last = client.await(H2Client.GOAWAY);
            assertThat(last).isNotNull();
            assertThat(last.number(0)).isIn(1, 3);
            finish.countDown();
            assertThat(client.answer(1).whole()).isTrue();
            if (last.number(0) == 3) {
                assertThat(client.answer(3).whole()).isTrue();
            }
            assertThat(client.connectionError()).isEqualTo(H2Client.NO_ERROR);
            draining.join(10_000);
            assertThat(draining.isAlive()).isFalse();
        }
    }

    @Test
    void answersCompleteRequestsOfAClientThatClosedItsHalf() {
        try (RawServer backend = RawServer.saying("ok");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            assertThat(client.get(1, "/").shutdownOutput().answer(1).text()).isEqualTo("ok");
            assertThat(client.next()).isNull();
        }
    }

    /** What HTTP/1 is told and refused holds here, too: signature, loops, ids, encoded slashes. */
    @Test
    void keepsTheRulesOfForwarding() {
        try (RawServer backend = RawServer.saying("ok");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port())
                        .replace("127.0.0.1:0}", "127.0.0.1:0, paths: {encodedSlashes: reject}}"));
                H2Client client = H2Client.connect(proxy.port())) {
            assertThat(client.get(1, "/", "x-request-id", "forged").answer(1).status())
                    .isEqualTo(200);
            String head = backend.heads().get(0);
            assertThat(head).containsPattern("X-Request-Id: [0-9a-f]{32}\r\n").doesNotContain("forged");
            String via = head.substring(head.indexOf("Via: ") + 5, head.indexOf("\r\n", head.indexOf("Via: ")));
            assertThat(client.get(3, "/", "via", via).answer(3).status()).isEqualTo(508);
            assertThat(client.get(5, "/a%2fb").answer(5).status()).isEqualTo(400);
        }
    }
}
