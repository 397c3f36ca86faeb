package io.turnout.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WebSocketHandshakeTest {
    @Test
    void answersTheKeyOfTheStandard() {
        // RFC 6455 section 1.3
        assertThat(WebSocketHandshake.accept("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void makesAKeyOfSixteenOctets() {
        assertThat(WebSocketHandshake.key(new byte[16])).isEqualTo("AAAAAAAAAAAAAAAAAAAAAA==");
    }
}
