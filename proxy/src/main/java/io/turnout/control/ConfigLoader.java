package io.turnout.control;

import io.turnout.adminapi.Problem;
import io.turnout.config.ConfigProblem;
import io.turnout.config.ConfigReader;
import io.turnout.config.ConfigResult;
import io.turnout.config.HostPort;
import io.turnout.config.TurnoutConfig;
import io.turnout.routing.RouteTable;
import io.turnout.snapshot.Overlay;
import io.turnout.snapshot.SnapshotCompiler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads configurations and tells what is wrong with them. Immutable; blocks only to read secrets from files. */
final class ConfigLoader {
    private final Function<String, @Nullable String> environment;

    ConfigLoader(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /** What a text came to. */
    sealed interface Loaded {
        /** Errors, or warnings, by place. */
        List<Problem> problems();

        /** It can be put in force. */
        record Usable(Desired desired) implements Loaded {
            @Override
            public List<Problem> problems() {
                return desired.warnings();
            }
        }

        /** It cannot. */
        record Unusable(List<Problem> problems) implements Loaded {}
    }

    Loaded load(ConfigText text) {
        ConfigResult result =
                ConfigReader.read(text.source(), text.yaml(), environment, text.base(), ConfigReader.Moment.RUNNING);
        if (result instanceof ConfigResult.Valid valid) {
            return new Loaded.Usable(desired(text, valid.config(), valid.warnings()));
        }
        return new Loaded.Unusable(problems(result.problems()));
    }

    /** A configuration that has been read already. */
    static Desired desired(ConfigText text, TurnoutConfig config, List<ConfigProblem> warnings) {
        List<Problem> all = new ArrayList<>(problems(warnings));
        routes(config)
                .conflicts()
                .forEach(conflict -> all.add(
                        placeless(text, "routes", conflict.text(), "routes of which each gets requests of its own")));
        return new Desired(text, text.hash(), config, all);
    }

    /** Compiles aside, with nothing resolved and nothing counted, for what only the compiled routes can tell. */
    private static RouteTable routes(TurnoutConfig config) {
        return new SnapshotCompiler(1)
                .compile(config, Overlay.NONE, ConfigLoader::unresolved, 1)
                .snapshot()
                .table();
    }

    private static InetSocketAddress unresolved(HostPort address) {
        return InetSocketAddress.createUnresolved(address.host(), address.port());
    }

    /** What a change of the file asks for that a running process does not do. */
    static List<Problem> atNextStart(Desired before, Desired after) {
        List<Problem> problems = new ArrayList<>();
        TurnoutConfig was = before.config();
        TurnoutConfig is = after.config();
        compare(problems, after.text(), "admin", was.admin().equals(is.admin()));
        compare(problems, after.text(), "workers", was.workers() == is.workers());
        compare(problems, after.text(), "transport", was.transport() == is.transport());
        compare(problems, after.text(), "state", was.state().equals(is.state()));
        compare(
                problems,
                after.text(),
                "accessLog.queue",
                was.accessLog().queueLines() == is.accessLog().queueLines());
        return problems;
    }

    private static void compare(List<Problem> problems, ConfigText text, String key, boolean same) {
        if (!same) {
            problems.add(placeless(text, key, "a change that takes full effect at the next start", "no such change"));
        }
    }

    private static Problem placeless(ConfigText text, String path, String found, String expected) {
        return new Problem(Problem.WARNING, text.source(), 0, 0, path, found, expected, null);
    }

    private static List<Problem> problems(List<ConfigProblem> problems) {
        return problems.stream().map(ConfigLoader::problem).toList();
    }

    private static Problem problem(ConfigProblem problem) {
        return new Problem(
                problem.severity().name().toLowerCase(Locale.ROOT),
                problem.file(),
                problem.line(),
                problem.column(),
                problem.path(),
                problem.found(),
                problem.expected(),
                problem.didYouMean());
    }
}
