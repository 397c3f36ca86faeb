package io.turnout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of rules in docs/protocol.md names tests: each of them is there. */
class ProtocolDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("turnout.root", ".."));
    private static final Pattern NAMED = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    @Test
    void everyTestThatTheTableNamesExists() throws IOException {
        Map<String, String> sources = sources();
        Matcher named = NAMED.matcher(Files.readString(ROOT.resolve("docs/protocol.md")));
        int count = 0;
        while (named.find()) {
            count++;
            assertThat(sources).as("test class %s", named.group(1)).containsKey(named.group(1));
            assertThat(sources.get(named.group(1)))
                    .as("%s.%s", named.group(1), named.group(2))
                    .containsPattern("\\b" + named.group(2) + "\\(");
        }
        assertThat(count).isGreaterThan(60);
    }

    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve("proxy/src/test/java"))) {
            files.filter(file -> file.toString().endsWith("Test.java"))
                    .forEach(file -> sources.put(file.getFileName().toString().replace(".java", ""), read(file)));
        }
        return sources;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
