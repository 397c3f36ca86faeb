package io.turnout.config.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
    private static final List<String> KEYS = List.of("endpoints", "balance", "protocol", "healthCheck", "p99", "p50");

    @ParameterizedTest
    @CsvSource({
        "endpoint, endpoints",
        "blaance, balance",
        "protcol, protocol",
        "healthcheck, healthCheck",
        "p9, p99",
        "HEALTH_CHECK, healthCheck"
    })
    void findsTheWordThatWasMeant(String written, String meant) {
        assertThat(Suggestion.nearest(written, KEYS)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"timeout", "xyz", "''", "e"})
    void saysNothingWhenNoWordIsNear(String written) {
        assertThat(Suggestion.nearest(written, KEYS)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"'', '', 0", "a, '', 1", "ab, ba, 1", "abc, abc, 0", "kitten, sitting, 3", "ca, abc, 3"})
    void countsLettersAddedDroppedChangedOrSwapped(String a, String b, int distance) {
        assertThat(Suggestion.distance(a, b)).isEqualTo(distance);
        assertThat(Suggestion.distance(b, a)).isEqualTo(distance);
    }

    @Test
    void doesNotLookAtLongNonsense() {
        assertThat(Suggestion.nearest("x".repeat(1_000_000), KEYS)).isNull();
    }
}
