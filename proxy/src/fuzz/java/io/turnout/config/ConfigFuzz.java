package io.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever stands in a file, its reader says what is wrong with it instead of failing. */
class ConfigFuzz {
    private static final String GOOD = """
            listeners: [{name: web, address: 127.0.0.1:8080}]
            pools: {blue: {endpoints: [127.0.0.1:1]}, green: {endpoints: [127.0.0.1:2]}}
            routes:
              - {name: all, split: {blue: 1, green: 1}}
            """;

    @FuzzTest(maxDuration = "60s")
    @DictionaryEntries({
        "\"listeners:\"",
        "\"pools:\"",
        "\"routes:\"",
        "\"split:\"",
        "\"match:\"",
        "\"path:\"",
        "\"tls:\"",
        "\"guard:\"",
        "\"rollout:\"",
        "\"mirror:\"",
        "\"127.0.0.1:1\"",
        "\"${HOME}\"",
        "\"&a\"",
        "\"*a\"",
        "\"<<:\"",
        "\"!!\"",
        "\"---\\x0A\"",
        "\"\\x0A  - \"",
        "\"{\"",
        "\"}\"",
        "\"[\"",
        "\"]\"",
        "\"1e99\"",
        "\"10s\""
    })
    void isAnsweredWithProblems(FuzzedDataProvider data) {
        int at = data.consumeInt(0, GOOD.length());
        int until = data.consumeInt(at, GOOD.length());
        String yaml = GOOD.substring(0, at) + data.consumeRemainingAsString() + GOOD.substring(until);
        ConfigResult result = ConfigReader.read("fuzz.yaml", yaml, name -> null, null);
        if (!(result instanceof ConfigResult.Valid)) {
            assertThat(result.problems()).isNotEmpty();
        }
    }
}
