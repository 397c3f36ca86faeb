package io.turnout.config.shape;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** YAML 1.2 section 10.3.2, and what 1.1 would have said. */
class CoreTypeTest {
    @ParameterizedTest
    @CsvSource({
        "'', NULL",
        "~, NULL",
        "null, NULL",
        "NULL, NULL",
        "nULL, TEXT",
        "true, BOOLEAN",
        "FALSE, BOOLEAN",
        "yes, TEXT",
        "on, TEXT",
        "off, TEXT",
        "y, TEXT",
        "tRue, TEXT",
        "0, INTEGER",
        "-17, INTEGER",
        "010, INTEGER",
        "0o17, INTEGER",
        "0xFf, INTEGER",
        "0b11, TEXT",
        "1_000, TEXT",
        "1:30, TEXT",
        "1:30.5, TEXT",
        "2001-01-01, TEXT",
        "08, INTEGER",
        "1e3, FLOAT",
        "1., FLOAT",
        ".5, FLOAT",
        "-1.5E-3, FLOAT",
        ".inf, FLOAT",
        "-.INF, FLOAT",
        ".NaN, FLOAT",
        "., TEXT",
        "e3, TEXT",
        "+12e03, FLOAT",
        "1.2.3, TEXT",
        "=, TEXT",
        "<<, TEXT"
    })
    void resolvesByTheCoreSchema(String plain, CoreType type) {
        assertThat(CoreType.of(plain)).isEqualTo(type);
    }
}
