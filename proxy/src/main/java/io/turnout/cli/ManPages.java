package io.turnout.cli;

import io.turnout.config.ConfigReference;
import io.turnout.config.shape.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual pages, made from what {@code --help} and the configuration's reference are made from. Stateless. */
final class ManPages {
    private ManPages() {}

    /** {@code turnout.1}: every command with its options. */
    static String ofCommands(CommandLine root) {
        CommandSpec spec = root.getCommandSpec();
        Roff page = new Roff("TURNOUT", 1, TurnoutCommand.version());
        page.section("NAME")
                .paragraph("turnout - a reverse proxy that splits traffic, and moves it back when it goes bad");
        page.section("SYNOPSIS").paragraph("`turnout` COMMAND [OPTION...] [ARGUMENT...]");
        page.section("DESCRIPTION").paragraph(joined(spec.usageMessage().description()));
        page.section("COMMANDS");
        commandsOf(root).forEach(command -> append(command, page));
        page.section("EXIT STATUS");
        for (String code : spec.usageMessage().footer()) {
            String[] parts = code.strip().split(" +", 2);
            page.term(parts[0], parts[1]);
        }
        page.section("SEE ALSO").paragraph("`turnout.yaml`(5)");
        return page.toString();
    }

    /** {@code turnout.yaml.5}: every key of the configuration. */
    static String ofConfiguration() {
        Roff page = new Roff("TURNOUT.YAML", 5, TurnoutCommand.version());
        page.section("NAME").paragraph("turnout.yaml - the configuration of turnout");
        page.section("DESCRIPTION")
                .paragraph("One YAML file, read again as it is saved. Below are its mappings and their keys; `turnout"
                        + " check` says what is wrong with a file, `turnout schema` prints a JSON Schema for editors.");
        page.section("MAPPINGS");
        for (Reference.Section section : ConfigReference.sections()) {
            page.subsection(section.name()).paragraph(unmarked(section.doc()));
            for (Reference.Row row : section.rows()) {
                String facts = unmarked(row.type())
                        + (row.preset().equals("required") ? ", required. " : ", default " + row.preset() + ". ");
                page.term(row.key(), facts + unmarked(row.meaning()));
            }
        }
        page.section("SEE ALSO").paragraph("`turnout`(1)");
        return page.toString();
    }

    private static Stream<CommandLine> commandsOf(CommandLine command) {
        return command.getSubcommands().values().stream()
                .distinct()
                .filter(each -> !each.getCommandSpec().usageMessage().hidden());
    }

    private static void append(CommandLine command, Roff page) {
        CommandSpec spec = command.getCommandSpec();
        page.subsection(spec.qualifiedName());
        page.paragraph(synopsis(spec));
        page.paragraph(joined(spec.usageMessage().description()));
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            page.term(parameter.paramLabel(), resolved(joined(parameter.description()), parameter.defaultValue()));
        }
        for (OptionSpec option : spec.options()) {
            if (!option.hidden() && !option.usageHelp() && !option.versionHelp()) {
                String value = option.arity().max() > 0 ? " " + option.paramLabel() : "";
                page.term(
                        String.join(", ", option.names()) + value,
                        resolved(joined(option.description()), option.defaultValue()));
            }
        }
        List<String> examples = examples(spec);
        if (!examples.isEmpty()) {
            page.verbatim(examples);
        }
        commandsOf(command).forEach(nested -> append(nested, page));
    }

    private static String synopsis(CommandSpec spec) {
        List<String> words = new ArrayList<>();
        words.add("`" + spec.qualifiedName() + "`");
        if (!spec.options().isEmpty()) {
            words.add("[OPTION...]");
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            String more = parameter.arity().max() > 1 ? "..." : "";
            String word = parameter.paramLabel() + more;
            words.add(parameter.arity().min() == 0 ? "[" + word + "]" : word);
        }
        return String.join(" ", words);
    }

    private static List<String> examples(CommandSpec spec) {
        return Arrays.stream(spec.usageMessage().footer())
                .filter(line -> line.startsWith("  "))
                .map(ManPages::formatted)
                .toList();
    }

    /** Markdown without the links between its sections, and what a table needs escaped. */
    private static String unmarked(String markdown) {
        return markdown.replace("\\|", "|")
                .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                .replace("**", "");
    }

    private static String joined(String[] lines) {
        return Arrays.stream(lines).map(ManPages::formatted).collect(Collectors.joining(" "));
    }

    /** Help texts are format strings. */
    private static String formatted(String text) {
        return text.replace("%n", " ").replace("%%", "%");
    }

    private static String resolved(String description, @Nullable String preset) {
        return description.replace("${DEFAULT-VALUE}", preset == null ? "none" : preset);
    }
}
