package io.turnout.cli;

import io.turnout.config.ConfigProblem;
import io.turnout.config.ConfigResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Validates a configuration file without a server. Confined to the thread that runs it. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Reports everything that is wrong with a configuration file; exit 3 if it cannot be used.",
        footerHeading = "%nExamples:%n",
        footer = {"  turnout check turnout.yaml", "  turnout check -o json turnout.yaml"})
final class CheckCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "The configuration file")
    private Path file = Path.of("");

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailure {
        ConfigResult result = ConfigFile.read(file);
        boolean valid = result instanceof ConfigResult.Valid;
        if (output.json()) {
            print(spec.commandLine().getOut(), List.of(ConfigFile.json(result)));
        } else {
            report(valid, result.problems());
        }
        return valid ? ExitCode.OK : ExitCode.INVALID_CONFIG;
    }

    private void report(boolean valid, List<ConfigProblem> problems) {
        PrintWriter err = spec.commandLine().getErr();
        print(err, ConfigFile.lines(problems));
        if (valid) {
            print(
                    spec.commandLine().getOut(),
                    List.of(file + ": valid, " + ConfigFile.count(problems.size(), "warning")));
        } else {
            print(err, List.of(ConfigFile.total(file, problems)));
        }
    }

    private static void print(PrintWriter to, List<String> lines) {
        lines.forEach(to::println);
        to.flush();
    }
}
