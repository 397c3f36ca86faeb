package io.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpRangeTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0, 8, 4",
        "10.1.2.3, 10.1.2.3, 32, 4",
        "0.0.0.0/0, 0.0.0.0, 0, 4",
        "fd00::/8, fd00::, 8, 16",
        "::1, ::1, 128, 16"
    })
    void readsBlocksAndSingleAddresses(String text, String address, int bits, int length) {
        IpRange range = Objects.requireNonNull(IpRange.parse(text));
        assertThat(range).isEqualTo(new IpRange(address, bits));
        assertThat(range.addressBytes()).hasSize(length);
        assertThat(IpRange.parse(range.toString())).isEqualTo(range);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.1/8",
                "10.0.0.0/33",
                "fd00::/129",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "a/8",
                "[::1]",
                "10.0/8",
                "fe80::%1/64"
            })
    void refusesWhatIsNoBlock(String text) {
        assertThat(IpRange.parse(text)).isNull();
    }
}
