package io.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Files of the repository that tests hold to the code. */
final class Repository {
    static final Path ROOT =
            Path.of(System.getProperty("turnout.root", "..")).toAbsolutePath().normalize();
    static final Path FULL = ROOT.resolve("config/turnout.yaml");
    static final Path SCHEMA = ROOT.resolve("config/turnout.schema.json");
    static final Path REFERENCE = ROOT.resolve("docs/configuration.md");

    /** Set by {@code -Dturnout.update=true}: files that are made from the code are written instead of compared. */
    private static final boolean UPDATE = Boolean.getBoolean("turnout.update");

    private Repository() {}

    static List<Path> examples() throws IOException {
        var examples = new ArrayList<Path>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(ROOT.resolve("config/examples"), "*.yaml")) {
            files.forEach(examples::add);
        }
        Collections.sort(examples);
        assertThat(examples).isNotEmpty();
        return examples;
    }

    /** Compares a file with what it is made of, or writes it. */
    static void assertUpToDate(Path file, String content, Class<?> test) throws IOException {
        if (UPDATE) {
            Files.writeString(file, content);
        }
        boolean same = Files.exists(file) && Files.readString(file).equals(content);
        assertThat(same)
                .as(
                        "%s is what the code makes; when stale, refresh it by: mvn -pl proxy test -Dtest=%s -Dturnout.update=true",
                        ROOT.relativize(file), test.getSimpleName())
                .isTrue();
    }
}
