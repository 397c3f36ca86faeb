package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import org.junit.jupiter.api.Test;

class RelayTest {
    @Test
    void relaysAnAnswerAndKeepsBothConnections() {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(proxy.port())) {
            for (int i = 0; i < 3; i++) {
                RawClient.Answer answer = client.get("/a?b=" + i);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("hello");
            }
            assertThat(backend.connections()).isEqualTo(1);
            assertThat(backend.heads().get(2))
                    .startsWith("GET /a?b=2 HTTP/1.1\r\nHost: example.test\r\n")
                    .contains("X-Forwarded-For: 127.0.0.1\r\n")
                    .contains("X-Forwarded-Proto: http\r\n")
                    .contains("X-Forwarded-Host: example.test\r\n")
                    .contains("Via: 1.1 turnout\r\n");
        }
    }
}
