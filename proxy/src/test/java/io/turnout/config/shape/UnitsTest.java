package io.turnout.config.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    private static final long SEED = Long.getLong("prop.seed", 7L);

    @ParameterizedTest
    @CsvSource({
        "250ms, 250000",
        "1.5s, 1500000",
        "1h30m, 5400000000",
        "2d, 172800000000",
        "7us, 7",
        "0s, 0",
        "1m0.5s, 60500000"
    })
    void readsDurations(String text, long micros) {
        assertThat(Units.duration(text)).isEqualTo(Duration.ofNanos(micros * 1_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "5 s",
                "-5s",
                "s",
                "1s1h",
                "1s1s",
                "1.s",
                ".5s",
                "0.5us",
                "1e3s",
                "5S",
                "99999999999s",
                "99999d99999d"
            })
    void refusesOtherDurations(String text) {
        assertThat(Units.duration(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "512B, 512",
        "16KiB, 16384",
        "1kB, 1000",
        "1.5MiB, 1572864",
        "2GB, 2000000000",
        "0B, 0",
        "1GiB, 1073741824"
    })
    void readsSizes(String text, long bytes) {
        assertThat(Units.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5K", "5kb", "-1B", "0.5B", "1 MiB", "1..5MiB", "9999999999GiB"})
    void refusesOtherSizes(String text) {
        assertThat(Units.bytes(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"5%, 50000", "0.05%, 500", "0.0001%, 1", "100%, 1000000", "0%, 0", "12.3456%, 123456"})
    void readsPercentages(String text, int ppm) {
        assertThat(Units.ppm(text)).isEqualTo(ppm);
        assertThat(Units.ppm(Units.percent(ppm))).isEqualTo(ppm);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "0.05", "%", "-1%", "5 %", "0.00001%", "1e1%", "1000000000%"})
    void refusesOtherPercentages(String text) {
        assertThat(Units.ppm(text)).isNull();
    }

    @Test
    void writesWhatReadsBackEqual() {
        var random = new Random(SEED);
        for (int i = 0; i < 2_000; i++) {
            Duration duration = Duration.ofNanos((random.nextLong() >>> (25 + random.nextInt(39))) * 1_000);
            assertThat(Units.duration(Units.text(duration)))
                    .as("-Dprop.seed=%d", SEED)
                    .isEqualTo(duration);
            long bytes = random.nextInt(1 << 29) * (1L << (random.nextInt(3) * 10));
            assertThat(Units.bytes(Units.text(bytes)))
                    .as("-Dprop.seed=%d", SEED)
                    .isEqualTo(bytes);
        }
    }
}
