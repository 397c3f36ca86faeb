package io.turnout.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestHeadIdTest {
    @Test
    void writesEveryDigitOfAnIdInItsPlace() {
        RequestHead head = new RequestHead();
        head.mintId(0x0123456789abcdefL, 0xfedcba9876543210L);
        byte[] to = new byte[RequestHead.ID_DIGITS + 2];
        head.idTo(to, 1);
        assertThat(new String(to, US_ASCII)).isEqualTo("\0" + "0123456789abcdeffedcba9876543210" + "\0");
    }
}
