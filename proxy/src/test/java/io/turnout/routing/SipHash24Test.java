package io.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Key and message of the authors' test vectors: the octets 0, 1, 2, ... */
class SipHash24Test {
    @ParameterizedTest
    @CsvSource({
        "0, 726fdb47dd0e0e31",
        "1, 74f839c593dc67fd",
        "7, ab0200f58b01d137",
        "8, 93f5f5799a932462",
        "15, a129ca6149be45e5",
        "16, 3f2acc7f57c29bdb"
    })
    void hashesAsPublished(int length, String expected) {
        var message = new byte[length];
        for (int i = 0; i < length; i++) {
            message[i] = (byte) i;
        }

        assertThat(SipHash24.hash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, message))
                .isEqualTo(Long.parseUnsignedLong(expected, 16));
    }
}
