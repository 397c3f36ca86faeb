package io.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.turnout.config.shape.Located;
import io.turnout.config.shape.Reading;
import io.turnout.config.shape.YamlTree;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConfigSchemaTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(JSON.readTree(ConfigSchema.json()));

    @Test
    void theCommittedSchemaIsTheOneOfTheDescriptors() throws IOException {
        Repository.assertUpToDate(Repository.SCHEMA, ConfigSchema.json(), ConfigSchemaTest.class);
    }

    @Test
    void theSchemaIsASchemaOfDraft07() {
        Schema draft07 = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(com.networknt.schema.SchemaLocation.of("http://json-schema.org/draft-07/schema#"));
        assertThat(draft07.validate(JSON.readTree(ConfigSchema.json()))).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleAndItsEffectiveFormAreValidByTheSchema() throws IOException {
        return Stream.concat(Stream.of(Repository.FULL), Repository.examples().stream())
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    String yaml = Files.readString(file);
                    assertThat(SCHEMA.validate(json(yaml))).isEmpty();
                    TurnoutConfig config = Configs.valid(yaml);
                    assertThat(SCHEMA.validate(json(ConfigYaml.render(config)))).isEmpty();
                }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adress: 1",
                "workers: many",
                "workers: 0",
                "accessLog: xml",
                "accessLog: {format: 5}",
                "pools: {blue: {}}",
                "pools: {blue: []}",
                "pools: {blue: [nowhere]}",
                "routes: [{name: shop, split: {blue: -1}}]",
                "routes: [{name: shop, split: {weights: {blue: 1}, key: {cookie: a, header: b}}}]",
                "routes: [{name: shop, split: {blue: 1}, timeout: 5}]",
                "routes: [{name: shop, split: {blue: 1}, match: {path: {exact: /a, prefix: /b}}}]",
                "routes: [{name: shop, split: {blue: 1}, mirror: {pool: green, percent: 10}}]",
            })
    void refusesWhatTheReaderRefuses(String line) {
        String yaml = Configs.minimalWith(line);
        assertThat(SCHEMA.validate(json(yaml))).isNotEmpty();
        assertThat(Configs.read(yaml)).isInstanceOf(ConfigResult.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accessLog: json",
                "workers: ${WORKERS:-4}",
                "pools: {blue: [127.0.0.1:9001]}",
                "listeners: [{name: web, address: 8080}]",
                "routes: [{name: shop, split: {blue: 1}, mirror: [{pool: green}]}]",
                "routes: [{name: shop, split: {blue: 1}, match: {host: a.example, method: GET}}]",
                "routes: [{name: shop, split: {weights: {blue: 1}, onEmpty: {pool: green}}}]",
                "routes: [{name: shop, split: {weights: {blue: 1}, onEmpty: fail}}]",
            })
    void acceptsShortFormsAndVariables(String line) {
        assertThat(SCHEMA.validate(json(Configs.minimalWith(line)))).isEmpty();
    }

    /** What an editor sees: scalars by the core schema, variables as they are written. */
    private static JsonNode json(String yaml) {
        var reading = new Reading();
        Located root = YamlTree.read(yaml, name -> "${" + name + "}", reading);
        assertThat(reading.problems()).isEmpty();
        return JSON.valueToTree(plain(Objects.requireNonNull(root)));
    }

    private static @Nullable Object plain(Located at) {
        if (at instanceof Located.Entries entries) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            entries.entries().forEach(e -> map.put(e.key().text(), plain(e.value())));
            return map;
        }
        if (at instanceof Located.Items items) {
            List<@Nullable Object> list = new ArrayList<>();
            items.items().forEach(item -> list.add(plain(item)));
            return list;
        }
        return ((Located.Scalar) at).jsonValue();
    }
}
