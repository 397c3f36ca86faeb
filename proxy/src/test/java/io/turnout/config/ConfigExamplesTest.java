package io.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.config.shape.Key;
import io.turnout.config.shape.ListShape;
import io.turnout.config.shape.Located;
import io.turnout.config.shape.MapShape;
import io.turnout.config.shape.Reading;
import io.turnout.config.shape.RecordShape;
import io.turnout.config.shape.Reference;
import io.turnout.config.shape.Shape;
import io.turnout.config.shape.YamlTree;
import io.turnout.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ConfigExamplesTest {
    /** A folder with the certificates that the examples name. */
    @TempDir
    private static Path folder;

    @BeforeAll
    static void issueCertificates() throws IOException {
        TestCertificates certificates = new TestCertificates(Files.createDirectory(folder.resolve("tls")));
        certificates.issue("shop", "shop.example.com");
        certificates.issue("partners", "*.partners.example.com");
    }

    @TestFactory
    Stream<DynamicTest> everyExampleIsValidAndReadsBackEqualAsEffectiveYaml() throws IOException {
        return Stream.concat(Stream.of(Repository.FULL), Repository.examples().stream())
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> assertValid(file)));
    }

    private static void assertValid(Path file) throws IOException {
        ConfigResult result = ConfigReader.read(file.toString(), Files.readString(file), name -> null, folder);
        assertThat(result).as("%s", result.problems()).isInstanceOf(ConfigResult.Valid.class);
        // What is announced and not there yet is said, and nothing else is wrong with a file people copy.
        assertThat(result.problems())
                .allSatisfy(problem -> assertThat(problem.found()).endsWith("accepts but does not run"));

        TurnoutConfig config = ((ConfigResult.Valid) result).config();
        ConfigResult again = ConfigReader.read("effective", ConfigYaml.render(config), name -> null, null);
        assertThat(again).as("%s", again.problems()).isInstanceOf(ConfigResult.Valid.class);
        assertThat(((ConfigResult.Valid) again).config()).isEqualTo(config);
    }

    @Test
    void theSmallestUsefulFileHasFiveLines() throws IOException {
        assertThat(Files.readAllLines(Repository.ROOT.resolve("config/examples/minimal.yaml")))
                .hasSize(5);
    }

    @Test
    void theFullFileShowsEveryKeyBehindItsMarkers() throws IOException {
        var reading = new Reading();
        String unmarked = Files.readString(Repository.FULL).replaceAll("(?m)^#:", "");
        Located root = Objects.requireNonNull(YamlTree.read(unmarked, name -> "secret", reading));
        assertThat(TopShapes.TURNOUT.read(root, reading))
                .as("%s", reading.problems())
                .isNotNull();
        reading.resolveReferences();
        assertThat(reading.problems()).isEmpty();

        var shown = new TreeSet<String>();
        collectKeys(TopShapes.TURNOUT, root, shown);
        assertThat(shown).containsExactlyInAnyOrderElementsOf(allKeys());
    }

    private static Set<String> allKeys() {
        var keys = new TreeSet<String>();
        for (RecordShape<?> record : Reference.records(TopShapes.TURNOUT)) {
            record.keys().forEach(key -> keys.add(record.name() + "." + key.name()));
        }
        return keys;
    }

    private static void collectKeys(Shape<?> shape, Located at, Set<String> keys) {
        if (shape instanceof RecordShape<?> record) {
            if (at instanceof Located.Entries entries) {
                record.keys().forEach(key -> collectKey(record, key, entries, keys));
            }
        } else if (shape instanceof ListShape<?> list && at instanceof Located.Items items) {
            items.items().forEach(item -> collectKeys(list.parts().get(0), item, keys));
        } else if (shape instanceof MapShape<?> map && at instanceof Located.Entries entries) {
            entries.entries().forEach(entry -> collectKeys(map.parts().get(1), entry.value(), keys));
        } else {
            shape.parts().forEach(part -> collectKeys(part, at, keys));
        }
    }

    private static void collectKey(RecordShape<?> record, Key<?, ?> key, Located.Entries entries, Set<String> keys) {
        Located value = entries.valueOf(key.name());
        if (value != null) {
            keys.add(record.name() + "." + key.name());
            collectKeys(key.shape(), value, keys);
        }
    }
}
