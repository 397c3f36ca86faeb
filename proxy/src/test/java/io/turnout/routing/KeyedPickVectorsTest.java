package io.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The vectors were made by an implementation of their own, from the description in docs/routing.md. */
class KeyedPickVectorsTest {
    private static final JsonNode VECTORS = read();

    @Test
    void picksAmongTwoAsPublished() {
        for (JsonNode vector : VECTORS.get("twoVariants")) {
            String salt = text(vector, "salt");
            DescribedRequest request = Samples.get("", "/").with("uid", text(vector, "key"));
            for (JsonNode pick : vector.get("picks")) {
                int stable = pick.get("stable").intValue();
                int canary = pick.get("canary").intValue();
                Split split =
                        keyed(new KeySource.Header("uid"), salt, Samples.variants("stable", stable, "canary", canary));
                assertThat(pickedBy(split, request))
                        .as("%s of %s", pick, vector)
                        .isEqualTo(text(pick, "side"));
            }
            assertThat(hash(new KeySource.Header("uid"), salt, request)).isEqualTo(text(vector, "hash"));
        }
    }

    @Test
    void picksAmongManyAsPublished() {
        for (JsonNode vector : VECTORS.get("manyVariants")) {
            String salt = text(vector, "salt");
            DescribedRequest request = Samples.get("", "/").with("cookie", "uid=" + text(vector, "key"));
            for (JsonNode pick : vector.get("picks")) {
                var variants = new ArrayList<Variant>();
                pick.get("weights")
                        .properties()
                        .forEach(entry -> variants.add(new Variant(
                                Samples.pool(entry.getKey()), entry.getValue().intValue())));
                Split split = keyed(new KeySource.Cookie("uid"), salt, variants);
                assertThat(pickedBy(split, request))
                        .as("%s of %s", pick, vector)
                        .isEqualTo(text(pick, "variant"));
            }
        }
    }

    @Test
    void computesTheLogarithmsOfARendezvousAsPublished() {
        for (JsonNode vector : VECTORS.get("manyVariants")) {
            long hash = Long.parseUnsignedLong(text(vector, "hash"), 16);
            vector.get("logs")
                    .properties()
                    .forEach(log -> assertThat(
                                    FixedLog.ofUnsignedFraction(XxHash64.ofLong(hash, XxHash64.ofText(log.getKey()))))
                            .isEqualTo(Long.parseLong(log.getValue().stringValue())));
        }
    }

    @Test
    void hashesClientAddressesAsPublished() {
        for (JsonNode vector : VECTORS.get("addresses")) {
            byte[] octets = HexFormat.of().parseHex(text(vector, "addressOctets"));
            DescribedRequest request = Samples.get("", "/").from(octets);
            assertThat(HexFormat.of().formatHex(KeyReader.significant(octets))).isEqualTo(text(vector, "keyOctets"));
            assertThat(hash(new KeySource.ClientAddress(), text(vector, "salt"), request))
                    .isEqualTo(text(vector, "hash"));
        }
    }

    @Test
    void areTheOnesInTheDocumentation() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("turnout.root"), "docs", "routing.md"));
        for (JsonNode vector : VECTORS.get("twoVariants")) {
            assertThat(page)
                    .contains("| `%s` | `%s` | `%s` | %s |"
                            .formatted(
                                    text(vector, "salt"),
                                    shown(text(vector, "key")),
                                    text(vector, "hash"),
                                    text(vector, "canaryAbovePercent")));
        }
        for (JsonNode vector : VECTORS.get("addresses")) {
            assertThat(page)
                    .contains("| `%s` | %s | `%s` | `%s` |"
                            .formatted(
                                    text(vector, "salt"),
                                    text(vector, "address"),
                                    text(vector, "keyOctets"),
                                    text(vector, "hash")));
        }
        for (int i = 0; i < 10; i++) {
            JsonNode vector = VECTORS.get("manyVariants").get(i);
            var cells = new ArrayList<String>();
            vector.get("picks").forEach(pick -> cells.add(text(pick, "variant")));
            assertThat(page)
                    .contains("| `%s` | `%s` | %s |"
                            .formatted(shown(text(vector, "key")), text(vector, "hash"), String.join(" | ", cells)));
        }
    }

    private static String shown(String key) {
        return key.length() <= 40 ? key : key.charAt(0) + " \u00d7 " + key.length();
    }

    private static Split keyed(KeySource source, String salt, List<Variant> variants) {
        var key = new SplitKey(source, salt, SplitKey.WithoutKey.DRAW);
        return new Split("s", variants, variants.get(0).name(), key, new OnEmpty.Fail());
    }

    private static String pickedBy(Split split, RequestView request) {
        RouteTable table = RouteTable.of(List.of(RouteSpec.catchAll("r", split)));
        return Objects.requireNonNull(table.decide(request, Samples.draws()))
                .pool()
                .name();
    }

    private static String hash(KeySource source, String salt, RequestView request) {
        var hash = new XxHash64();
        assertThat(new KeyReader(new SplitKey(source, salt, SplitKey.WithoutKey.DRAW)).read(request, hash))
                .isTrue();
        return HexFormat.of().toHexDigits(hash.finish());
    }

    private static String text(JsonNode node, String field) {
        return node.get(field).stringValue();
    }

    private static JsonNode read() {
        try (InputStream in =
                Objects.requireNonNull(KeyedPickVectorsTest.class.getResourceAsStream("/keyed-pick-vectors.json"))) {
            return new ObjectMapper().readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
