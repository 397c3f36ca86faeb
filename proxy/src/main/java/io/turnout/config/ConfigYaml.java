package io.turnout.config;

import io.turnout.config.shape.YamlText;

/** The effective configuration as YAML. Stateless. */
public final class ConfigYaml {
    private ConfigYaml() {}

    /**
     * Writes every key with its value, defaults too, and no secret: {@link Secret#REDACTED} stands in its place. Without
     * secrets the text reads back equal.
     */
    public static String render(TurnoutConfig config) {
        return YamlText.of(TopShapes.TURNOUT.write(config));
    }
}
