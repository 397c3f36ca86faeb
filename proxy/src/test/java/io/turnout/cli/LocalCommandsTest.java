package io.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.config.ConfigSchema;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** The commands that need no server, and what holds for all. */
class LocalCommandsTest {
    private static final String VALID = """
            listeners: [{name: web, address: 127.0.0.1:8080}]
            pools: {blue: [127.0.0.1:9001]}
            routes: [{name: shop, split: {blue: 1}}]
            """;

    @TempDir
    private Path folder;

    private String file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("turnout.yaml"), yaml).toString();
    }

    @Test
    void checkSaysThatAFileIsValid() throws Exception {
        Typed typed = Typed.run("check", file(VALID));

        assertThat(typed.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(typed.out()).endsWith("turnout.yaml: valid, 0 warnings\n");
        assertThat(typed.err()).isEmpty();
    }

    @Test
    void checkSaysEverythingThatIsWrongAndExitsWithThree() throws Exception {
        String file = file(VALID.replace("blue: 1", "blu: 1").replace("web,", "web, nme: x,"));

        Typed typed = Typed.run("check", file);

        assertThat(typed.exitCode()).isEqualTo(ExitCode.INVALID_CONFIG);
        assertThat(typed.out()).isEmpty();
        assertThat(typed.err())
                .contains(file + ":1:", file + ":3:", "\"nme\"", "\"blu\"", "did you mean \"blue\"?")
                .containsPattern(": 2 errors, 0 warnings");
    }

    @Test
    void checkGivesJsonForPrograms() throws Exception {
        var json = new JsonMapper();
        Typed valid = Typed.run("check", "-o", "json", file(VALID));
        assertThat(json.readTree(valid.out()).get("valid").asBoolean()).isTrue();

        Typed invalid = Typed.run("check", "-o", "json", file("x: 1\n"));
        assertThat(invalid.exitCode()).isEqualTo(ExitCode.INVALID_CONFIG);
        assertThat(json.readTree(invalid.out()).at("/problems/0/severity").asString())
                .isEqualTo("error");
    }

    @Test
    void checkOfAFileThatCannotBeReadSaysWhy() throws Exception {
        Typed missing = Typed.run("check", folder.resolve("none.yaml").toString());
        assertThat(missing.exitCode()).isEqualTo(ExitCode.INVALID_CONFIG);
        assertThat(missing.err()).contains("none.yaml: there is no such file");

        Path binary = Files.write(folder.resolve("b.yaml"), "\u00ff".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Typed.run("check", binary.toString()).err()).contains("not UTF-8");
        assertThat(Typed.run("check", folder.toString()).exitCode()).isEqualTo(ExitCode.INVALID_CONFIG);
    }

    @Test
    void schemaIsPrintedAsItIs() {
        assertThat(Typed.run("schema").out()).isEqualTo(ConfigSchema.json());
    }

    @Test
    void completionKnowsEveryCommand() {
        String script = Typed.run("completion").out();

        assertThat(script).startsWith("#!/usr/bin/env bash").contains("switch", "--if-generation", "complete");
        assertThat(Typed.run("completion", "zsh").out()).isEqualTo(script);
    }

    @Test
    void completionForFishOffersEachCommandAndOptionWhereItBelongs() {
        String script = Typed.run("completion", "fish").out();

        assertThat(script.lines().toList())
                .allMatch(line -> line.startsWith("complete -c turnout "))
                .anyMatch(line -> line.startsWith(
                        "complete -c turnout -n '__fish_use_subcommand' -a 'switch' -d 'Sends all traffic"))
                .anyMatch(line -> line.startsWith(
                        "complete -c turnout -n '__fish_seen_subcommand_from status' -s w -l watch -d '"))
                .anyMatch(line -> line.contains("and not __fish_seen_subcommand_from verify' -a 'verify'"))
                .anyMatch(line -> line.contains("-l token-file -r -F"));
        assertThat(script).doesNotContain("${");
    }

    @Test
    void noCommandIsAMisuse() {
        Typed typed = Typed.run();

        assertThat(typed.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(typed.err()).contains("a command is missing", "Usage: turnout");
    }

    @Test
    void helpAndVersionAreAnswersAndNotErrors() {
        assertThat(Typed.run("--help").exitCode()).isZero();
        assertThat(Typed.run("--help").out()).contains("Exit codes:", "switch", "explain");
        assertThat(Typed.run("help", "switch").out()).contains("Examples:", "turnout switch shop green");
        assertThat(Typed.run("--version").out()).startsWith("turnout ");
    }

    @Test
    void commandsAddedFromElsewhereFailAsAllOthersDo() {
        CommandLine line = TurnoutCommand.commandLine();
        TurnoutCommand.add(line, "extra", new Failing());
        var err = new StringWriter();
        line.setErr(new PrintWriter(err));

        assertThat(line.execute("extra")).isEqualTo(ExitCode.CONFLICT);
        assertThat(err.toString()).isEqualTo("as expected\n");
    }

    @CommandLine.Command(name = "extra")
    static final class Failing implements Callable<Integer> {
        @Override
        public Integer call() throws CommandFailure {
            throw new CommandFailure(ExitCode.CONFLICT, "as expected");
        }
    }

    @Test
    void everyCommandIsInTheDocument() throws Exception {
        var documented =
                Files.readAllLines(Path.of(System.getProperty("turnout.root", ".."), "docs", "cli.md")).stream()
                        .filter(line -> line.startsWith("### `turnout "))
                        .map(line -> line.split("[ `]+")[2])
                        .collect(Collectors.toCollection(TreeSet::new));
        var commands =
                new TreeSet<>(TurnoutCommand.commandLine().getSubcommands().keySet());
        commands.remove("help");

        assertThat(documented).isEqualTo(commands);
    }

    @Test
    void figuresArePrintedForPeople() {
        assertThat(Printable.seconds(59)).isEqualTo("59s");
        assertThat(Printable.seconds(60)).isEqualTo("1m");
        assertThat(Printable.seconds(7_199)).isEqualTo("1h 59m");
        assertThat(Printable.seconds(90_000)).isEqualTo("1d 1h");
        assertThat(Printable.percent(0.005)).isEqualTo("0.50 %");
        assertThat(Printable.text("a\u001b\u202e\nb\u009b")).isEqualTo("a??\nb?");
    }
}
