package io.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    private static final String SECRET = "correct-horse-battery";

    @TempDir
    Path folder;

    private static String adminWith(String token) {
        return Configs.minimalWith(
                "admin: {address: 0.0.0.0:9900, tokens: [{name: ci, role: operator, token: " + token + "}]}");
    }

    private ConfigResult read(String token) {
        return ConfigReader.read("t", adminWith(token), Map.of("TOKEN", SECRET, "DIGITS", "12345")::get, folder);
    }

    private static Secret tokenOf(ConfigResult result) {
        assertThat(result).as("%s", result.problems()).isInstanceOf(ConfigResult.Valid.class);
        return ((ConfigResult.Valid) result).config().admin().tokens().get(0).token();
    }

    @Test
    void comesFromTextVariableOrFile() throws IOException {
        Files.writeString(folder.resolve("token"), SECRET + "\n");
        assertThat(tokenOf(read(SECRET)).matches(SECRET)).isTrue();
        assertThat(tokenOf(read("\"${TOKEN}\"")).matches(SECRET)).isTrue();
        assertThat(tokenOf(read("file:token")).matches(SECRET)).isTrue();
        assertThat(tokenOf(read("file:" + folder.resolve("token"))).matches(SECRET))
                .isTrue();
    }

    @Test
    void mayBeDigitsWhenItComesFromAVariable() {
        assertThat(tokenOf(read("\"${DIGITS}\"")).value()).isEqualTo("12345");
    }

    @Test
    void isShownNowhere() {
        ConfigResult result = read(SECRET);
        TurnoutConfig config = ((ConfigResult.Valid) result).config();
        assertThat(config.toString()).doesNotContain(SECRET);
        assertThat(ConfigYaml.render(config)).doesNotContain(SECRET).contains("token: \"" + Secret.REDACTED + "\"");
    }

    @Test
    void isNotRepeatedByAMessage() {
        ConfigResult result = read("\"" + SECRET + "\\u0007\"");
        assertThat(result).isInstanceOf(ConfigResult.Invalid.class);
        assertThat(result.problems().toString()).doesNotContain(SECRET).contains("admin.tokens[0].token");
    }

    @Test
    void effectiveYamlIsNotAppliedByMistake() {
        String yaml = ConfigYaml.render(((ConfigResult.Valid) read(SECRET)).config());
        assertThat(ConfigReader.read("t", yaml, name -> null, folder).problems())
                .filteredOn(problem -> problem.severity() == ConfigProblem.Severity.ERROR)
                .singleElement()
                .satisfies(problem -> assertThat(problem.found()).isEqualTo("a redacted secret"));
    }

    @Test
    void refusesFilesThatAreMissingEmptyHugeOrNoFiles() throws IOException {
        Files.writeString(folder.resolve("empty"), " \n");
        Files.write(folder.resolve("huge"), new byte[65_537]);
        for (String path : new String[] {"missing", "empty", "huge", ".", ""}) {
            assertThat(read("\"file:" + path + "\"")).as(path).isInstanceOf(ConfigResult.Invalid.class);
        }
    }

    @Test
    void refusesRelativeFilesWhenThereIsNoFolder() {
        assertThat(ConfigReader.read("t", adminWith("file:token"), name -> null, null))
                .isInstanceOf(ConfigResult.Invalid.class);
    }

    @Test
    void comparesWithoutEarlyExit() {
        var secret = new Secret("a");
        assertThat(secret.matches("a")).isTrue();
        assertThat(secret.matches("ab")).isFalse();
        assertThat(secret).hasToString(Secret.REDACTED);
    }
}
