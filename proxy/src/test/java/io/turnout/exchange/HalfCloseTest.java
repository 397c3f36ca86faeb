package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import org.junit.jupiter.api.Test;

/** A client's FIN behind several requests (RFC 9112 section 9.6). */
class HalfCloseTest {
    @Test
    void answersAllRequestsInFrontOfIt() throws Exception {
        try (RawServer backend = RawServer.saying("late");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            String get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
            client.send(get + "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get + "GET / HT");
            client.socket().shutdownOutput();
            assertThat(client.readAll().split("HTTP/1.1 200 OK", -1)).hasSize(4);
            assertThat(backend.heads()).hasSize(3);
        }
    }

    @Test
    void neverTakesHalfARequestForAWholeOne() throws Exception {
        try (RawServer backend = RawServer.saying("late");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
            client.socket().shutdownOutput();
            assertThat(client.readAll()).containsOnlyOnce("HTTP/1.1 200 OK").doesNotContain("HTTP/1.1 4");
            assertThat(client.isClosed()).isTrue();
        }
    }
}
