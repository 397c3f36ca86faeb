package io.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:80",
                "[::1]:65535",
                "a:0",
                "shop.example.com:80",
                "my_service-1:8080",
                "example.com.:80"
            })
    void readsBackWhatItWrites(String text) {
        assertThat(HostPort.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "a",
                "a:",
                "a:-1",
                "a:65536",
                "a:8o",
                "::1:80",
                "[::1]",
                "[::1:80",
                "[fe80::1%eth0]:80",
                "1.2.3:80",
                "256.1.1.1:80",
                "a b:80",
                "-a:80",
                "a..b:80",
                "[a]:80",
                "http://a:80",
                "a:+80",
                "a: 80",
                "\u0661:80"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThat(HostPort.parse(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "localhost:1", "LOCALHOST:1", "[::ffff:127.0.0.1]:1"})
    void knowsTheLoopbackInterface(String text) {
        assertThat(parsed(text).isLoopback()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1:1",
                "0.0.0.0:1",
                "[::]:1",
                "[::2]:1",
                "[fe80::1]:1",
                "localhost.example:1",
                "0.0.0.127:1"
            })
    void takesNothingElseForTheLoopbackInterface(String text) {
        assertThat(parsed(text).isLoopback()).isFalse();
    }

    @Test
    void knowsWildcards() {
        assertThat(parsed("0.0.0.0:1").isWildcard()).isTrue();
        assertThat(parsed("[::]:1").isWildcard()).isTrue();
        assertThat(parsed("[::1]:1").isWildcard()).isFalse();
        assertThat(parsed("any:1").isWildcard()).isFalse();
    }

    @Test
    void isFastOnLongNonsense() {
        assertThat(HostPort.parse("a-".repeat(500_000) + ":80")).isNull();
        assertThat(HostPort.parse("a.".repeat(126) + ":80")).isNotNull();
    }

    @Test
    void cannotBeMadeOfNonsense() {
        assertThatThrownBy(() -> new HostPort("a b", 80)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HostPort("a", 65_536)).isInstanceOf(IllegalArgumentException.class);
    }

    private static HostPort parsed(String text) {
        return Objects.requireNonNull(HostPort.parse(text));
    }
}
