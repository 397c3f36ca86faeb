package io.turnout.config;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a configuration file. Stateless, safe for any thread; blocks only to read secrets from files. */
public final class ConfigReader {
    private ConfigReader() {}

    /**
     * Reads YAML text. Any text gives a result: nothing is thrown, and equal arguments give equal results.
     *
     * @param sourceName names the text in problems, usually the file's name
     * @param environment looks up {@code ${NAME}}; null for a variable that is not set
     * @param base folder from which relative {@code file:} paths are taken; null refuses them
     */
    public static ConfigResult read(
            String sourceName, String yaml, Function<String, @Nullable String> environment, @Nullable Path base) {
        return new ConfigResult.Invalid(List.of(new ConfigProblem(
                ConfigProblem.Severity.ERROR, sourceName, 1, 1, "", yaml, "a binder, which follows", null)));
    }
}
