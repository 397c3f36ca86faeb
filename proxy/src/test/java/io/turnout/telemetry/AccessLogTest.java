package io.turnout.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
    private static final AccessRecord RECORD = new AccessRecord(
            0,
            "10.0.0.1",
            "GET",
            "/a\"b",
            "HTTP/1.1",
            200,
            12,
            "",
            "agent\\x\u0007",
            "a.test",
            "shop",
            "green",
            "127.0.0.1:1",
            "weighted",
            7,
            1500,
            900,
            1,
            "",
            "",
            "-");

    private static final PrintStream NOWHERE =
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

    @Test
    void writesTheCombinedFormWithNothingAClientSaidUnescaped() {
        StringBuilder line = new StringBuilder();
        AccessFormat.COMBINED.append(RECORD, line);
        assertThat(line.toString())
                .isEqualTo("10.0.0.1 - - [01/Jan/1970:00:00:00 +0000] \"GET /a\\\"b HTTP/1.1\" 200 12 \"-\" "
                        + "\"agent\\\\x\\u0007\" host=a.test route=shop pool=green endpoint=127.0.0.1:1 "
                        + "reason=weighted generation=7 total_us=1500 upstream_us=900 attempts=1 flag=-");
    }

    @Test
    void writesOneJsonObjectPerLine() {
        StringBuilder line = new StringBuilder();
        AccessFormat.JSON.append(RECORD, line);
        var json = new tools.jackson.databind.ObjectMapper().readTree(line.toString());
        assertThat(json.get("target").asString()).isEqualTo("/a\"b");
        assertThat(json.get("userAgent").asString()).isEqualTo("agent\\x\u0007");
        assertThat(json.get("generation").asInt()).isEqualTo(7);
        assertThat(json.get("flag").asString()).isEqualTo("-");
    }

    @Test
    void opensAFileThatWasMovedAwayUnderItsNameAgain(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("access.log");
        AccessSettings settings = new AccessSettings(AccessFormat.COMBINED, file.toString());
        try (AccessLog log = new AccessLog(() -> settings, 16, NOWHERE)) {
            log.offer(RECORD);
            Awaitility.await().until(() -> Files.exists(file) && Files.size(file) > 0);
            Files.move(file, folder.resolve("access.log.1"));
            log.offer(RECORD);
            Awaitility.await().until(() -> Files.exists(file) && Files.size(file) > 0);
        }
    }

    @Test
    void refusesWhatDoesNotFitInsteadOfBlocking(@TempDir Path folder) {
        AccessSettings settings = new AccessSettings(
                AccessFormat.COMBINED, folder.resolve("no/such").toString());
        AccessLog log = new AccessLog(() -> settings, 16, NOWHERE);
        boolean dropped = false;
        for (int i = 0; i < 1_000_000 && !dropped; i++) {
            dropped = !log.offer(RECORD);
        }
        log.close();
        assertThat(dropped).isTrue();
        assertThat(log.lost()).isPositive();
    }
}
