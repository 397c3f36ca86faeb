package io.turnout.config;

import io.turnout.config.shape.Located;
import io.turnout.config.shape.Problem;
import io.turnout.config.shape.Reading;
import io.turnout.config.shape.YamlTree;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a configuration file. Stateless, safe for any thread; blocks only to read secrets and certificates. */
public final class ConfigReader {
    private ConfigReader() {}

    /**
     * Reads YAML text. Any text gives a result: nothing is thrown, and equal arguments give equal results as long
     * as the files that it names stay as they are.
     *
     * @param sourceName names the text in problems, usually the file's name
     * @param environment looks up {@code ${NAME}}; null for a variable that is not set
     * @param base folder from which relative {@code file:} paths are taken; null refuses them
     */
    public static ConfigResult read(
            String sourceName, String yaml, Function<String, @Nullable String> environment, @Nullable Path base) {
        return read(sourceName, yaml, environment, base, Moment.START);
    }

    /** When a configuration is read. */
    public enum Moment {
        /** Before anything runs: what could not work is an error. */
        START,
        /** While another is in force: a certificate that has expired is only warned of. */
        RUNNING
    }

    /** As the other, at a certain moment. */
    public static ConfigResult read(
            String sourceName,
            String yaml,
            Function<String, @Nullable String> environment,
            @Nullable Path base,
            Moment moment) {
        var reading = new Reading(base);
        Located root = YamlTree.read(yaml, environment, reading);
        TurnoutConfig config = root == null ? null : bind(root, reading, moment);
        List<ConfigProblem> problems = reading.problems().stream()
                .map(problem -> located(sourceName, problem))
                .sorted(ConfigProblem.BY_PLACE)
                .distinct()
                .toList();
        return config == null || reading.errors() > 0
                ? new ConfigResult.Invalid(problems)
                : new ConfigResult.Valid(config, problems);
    }

    private static @Nullable TurnoutConfig bind(Located root, Reading reading, Moment moment) {
        TurnoutConfig config = TopShapes.TURNOUT.read(root, reading);
        reading.resolveReferences();
        AddressConflicts.report(reading);
        TlsFiles.report(reading, moment);
        reading.assertExplained();
        if (reading.errors() == 0) {
            warnOfUnusedPools(root, reading);
        }
        return config;
    }

    /** Only where all is well: a misspelt reference would leave a pool unused as well. */
    private static void warnOfUnusedPools(Located root, Reading reading) {
        Set<String> used = reading.referred(SplitShapes.POOL);
        if (root.nearest("pools") instanceof Located.Entries pools && pools != root) {
            for (Located.Entry pool : pools.entries()) {
                if (!used.contains(pool.key().text())) {
                    reading.warning(pool.key(), "a pool that no route uses", "a route that names it");
                }
            }
        }
    }

    private static ConfigProblem located(String sourceName, Problem problem) {
        return new ConfigProblem(
                problem.fatal() ? ConfigProblem.Severity.ERROR : ConfigProblem.Severity.WARNING,
                sourceName,
                problem.place().line(),
                problem.place().column(),
                problem.path(),
                problem.found(),
                problem.expected(),
                problem.didYouMean());
    }
}
