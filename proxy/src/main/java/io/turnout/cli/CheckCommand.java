package io.turnout.cli;

import io.turnout.adminapi.ConfigCheck;
import io.turnout.adminapi.Problem;
import io.turnout.config.ConfigProblem;
import io.turnout.config.ConfigReader;
import io.turnout.config.ConfigResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
        ConfigResult result = ConfigReader.read(
                file.toString(), text(), System::getenv, file.toAbsolutePath().getParent());
        boolean valid = result instanceof ConfigResult.Valid;
        if (output.json()) {
            var check = new ConfigCheck(
                    valid, result.problems().stream().map(CheckCommand::problem).toList());
            print(spec.commandLine().getOut(), List.of(Json.written(check)));
        } else {
            report(valid, result.problems());
        }
        return valid ? ExitCode.OK : ExitCode.INVALID_CONFIG;
    }

    private String text() throws CommandFailure {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new CommandFailure(ExitCode.INVALID_CONFIG, file + ": there is no such file");
        } catch (CharacterCodingException e) {
            throw new CommandFailure(ExitCode.INVALID_CONFIG, file + ": found octets that are not UTF-8");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.INVALID_CONFIG, file + ": cannot be read: " + e.getMessage());
        }
    }

    private void report(boolean valid, List<ConfigProblem> problems) {
        PrintWriter err = spec.commandLine().getErr();
        print(
                err,
                problems.stream()
                        .map(problem -> Printable.text(problem.toString()))
                        .toList());
        long errors = problems.stream()
                .filter(problem -> problem.severity() == ConfigProblem.Severity.ERROR)
                .count();
        String count = count(errors, "error") + ", " + count(problems.size() - errors, "warning");
        if (valid) {
            print(spec.commandLine().getOut(), List.of(file + ": valid, " + count(problems.size(), "warning")));
        } else {
            print(err, List.of(file + ": " + count));
        }
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static void print(PrintWriter to, List<String> lines) {
        lines.forEach(to::println);
        to.flush();
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
