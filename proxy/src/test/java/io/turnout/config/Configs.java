package io.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/** Short ways to read files in tests. */
final class Configs {
    private static final String NAME = "turnout.yaml";

    private Configs() {}

    static ConfigResult read(String yaml) {
        return read(yaml, Map.of());
    }

    static ConfigResult read(String yaml, Map<String, String> environment) {
        return ConfigReader.read(NAME, yaml, environment::get, null);
    }

    static TurnoutConfig valid(String yaml) {
        ConfigResult result = read(yaml);
        assertThat(result).as("%s", result.problems()).isInstanceOf(ConfigResult.Valid.class);
        return ((ConfigResult.Valid) result).config();
    }

    /** The lines of the problems, without the name of the file. */
    static List<String> problems(String yaml) {
        return read(yaml).problems().stream()
                .map(problem -> problem.toString().substring(NAME.length() + 1))
                .toList();
    }

    /** A valid file in which one top-level line is added, or replaces the line of the same key. */
    static String minimalWith(String line) {
        String key = line.substring(0, line.indexOf(':') + 1);
        var lines = List.of(
                "listeners: [{name: web, address: 0.0.0.0:8080}]",
                "pools: {blue: [127.0.0.1:9001], green: [127.0.0.1:9011]}",
                "routes: [{name: shop, split: {blue: 90, green: 10}}]");
        var text = new StringBuilder();
        lines.stream()
                .filter(l -> !l.startsWith(key))
                .forEach(l -> text.append(l).append('\n'));
        return text.append(line).append('\n').toString();
    }

    /** The only route of a valid file in which the route has these further keys, in flow style. */
    static RouteConfig route(String keys) {
        return valid(withRoute(keys)).routes().get(0);
    }

    static String withRoute(String keys) {
        return minimalWith("routes: [{name: shop, " + keys + "}]");
    }
}
