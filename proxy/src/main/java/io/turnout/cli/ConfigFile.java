package io.turnout.cli;

import io.turnout.adminapi.ConfigCheck;
import io.turnout.adminapi.Problem;
import io.turnout.config.ConfigProblem;
import io.turnout.config.ConfigReader;
import io.turnout.config.ConfigResult;
import io.turnout.config.TurnoutConfig;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads a configuration file for commands that need no server, and says what is wrong with it. Stateless. */
final class ConfigFile {
    private ConfigFile() {}

    /** @throws CommandFailure when there is no text to read */
    static ConfigResult read(Path file) throws CommandFailure {
        return ConfigReader.read(
                file.toString(),
                text(file),
                System::getenv,
                file.toAbsolutePath().getParent());
    }

    /**
     * The configuration of a file that can be used; warnings are for {@code check}.
     *
     * @throws CommandFailure with everything that is wrong, in the form that was asked for
     */
    static TurnoutConfig valid(Path file, OutputOption output) throws CommandFailure {
        ConfigResult result = read(file);
        if (result instanceof ConfigResult.Valid valid) {
            return valid.config();
        }
        List<String> told = new ArrayList<>(lines(result.problems()));
        told.add(total(file, result.problems()));
        throw new CommandFailure(ExitCode.INVALID_CONFIG, output.json() ? json(result) : String.join("\n", told));
    }

    static String json(ConfigResult result) {
        return Json.written(new ConfigCheck(
                result instanceof ConfigResult.Valid,
                result.problems().stream().map(ConfigFile::problem).toList()));
    }

    /** One line per problem. */
    static List<String> lines(List<ConfigProblem> problems) {
        return problems.stream()
                .map(problem -> Printable.text(problem.toString()))
                .toList();
    }

    /** How many problems of each kind a file has. */
    static String total(Path file, List<ConfigProblem> problems) {
        long errors = problems.stream()
                .filter(problem -> problem.severity() == ConfigProblem.Severity.ERROR)
                .count();
        return file + ": " + count(errors, "error") + ", " + count(problems.size() - errors, "warning");
    }

    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static String text(Path file) throws CommandFailure {
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
