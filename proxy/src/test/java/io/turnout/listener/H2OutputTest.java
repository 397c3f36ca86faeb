package io.turnout.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.testing.H2Client;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is written into one buffer keeps to the order, the frame size and the windows of the client. */
@Timeout(120)
class H2OutputTest {
    private static final int FIRST_WINDOW = 65_535;
    private static final int ANSWER_BYTES = 1000;

    private static void get(H2Client client, int stream) {
        client.get(stream, "/");
        assertThat(client.answer(stream).body()).hasSize(ANSWER_BYTES);
        assertThat(client.answer(stream).whole()).isTrue();
    }

    @Test
    void stopsInTheMiddleOfAnAnswerWhenTheConnectionsWindowIsUsedUpBySmallOnes() {
        try (RawServer backend = RawServer.saying("x".repeat(ANSWER_BYTES));
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            int whole = FIRST_WINDOW / ANSWER_BYTES;
            int stream = 1;
            for (int i = 0; i < whole; i++, stream += 2) {
                get(client, stream);
            }
            client.get(stream, "/");
            H2Client.Answer last = client.soFar(stream);
            while (last.body().length < FIRST_WINDOW % ANSWER_BYTES) {
                assertThat(client.next()).isNotNull();
            }
            assertThat(client.ping()).isTrue();
            assertThat(last.body()).hasSize(FIRST_WINDOW % ANSWER_BYTES);
            assertThat(last.whole()).isFalse();
            client.frame(H2Client.WINDOW_UPDATE, 0, 0, 2 * ANSWER_BYTES);
            assertThat(client.answer(stream).body()).hasSize(ANSWER_BYTES);
            assertThat(client.answer(stream).whole()).isTrue();
            get(client, stream + 2);
        }
    }

    @Test
    void keepsTheOrderOfContentThatHasToWaitForAWindow() {
        CountDownLatch more = new CountDownLatch(1);
        try (RawServer backend = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nabcdef");
                    try {
                        more.await(60, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    connection.write("ghijkl");
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port()).setting(4, 8)) {
            client.get(1, "/");
            assertThat(client.readUntil(1, "f")).isEqualTo("abcdef");
            more.countDown();
            assertThat(client.readUntil(1, "h")).isEqualTo("abcdefgh");
            assertThat(client.ping()).isTrue();
            assertThat(client.soFar(1).text()).isEqualTo("abcdefgh");
            client.frame(H2Client.WINDOW_UPDATE, 0, 1, 100);
            assertThat(client.answer(1).text()).isEqualTo("abcdefghijkl");
            assertThat(client.answer(1).whole()).isTrue();
        }
    }

    @Test
    void sendsAHeadThatIsLargerThanAFrameInPieces() {
        // Characters that Huffman coding does not make shorter.
        String large = "~".repeat(9 * 1024);
        try (RawServer backend = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nx-a: " + large
                        + "\r\nx-b: " + large + "\r\nx-c: " + large + "\r\n\r\nok");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            client.get(1, "/");
            H2Client.Frame rest = client.await(H2Client.CONTINUATION);
            assertThat(rest).isNotNull();
            assertThat(rest.has(H2Client.END_HEADERS)).isTrue();
            assertThat(client.answer(1).text()).isEqualTo("ok");
            assertThat(client.answer(1).field("x-a")).isEqualTo(large);
            assertThat(client.answer(1).field("x-c")).isEqualTo(large);
            assertThat(client.get(3, "/").answer(3).field("x-b")).isEqualTo(large);
        }
    }
}
