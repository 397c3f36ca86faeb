package io.turnout.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A completion script for fish, which picocli does not make, from the commands as they are. Stateless. */
final class FishCompletion {
    private FishCompletion() {}

    /** One line for each command and option, each with the commands after which it is offered. */
    static String of(CommandLine root) {
        var script = new StringBuilder("complete -c turnout -f\n");
        describe(root, "__fish_use_subcommand", "", script);
        return script.toString();
    }

    /**
     * @param fresh holds where a command of this level may stand
     * @param path holds where the options of this command may stand; empty for the root, whose are offered at its level
     */
    private static void describe(CommandLine command, String fresh, String path, StringBuilder to) {
        String here = path.isEmpty() ? fresh : path;
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (!option.hidden()) {
                option(option, here, to);
            }
        }
        List<CommandLine> nested =
                command.getSubcommands().values().stream().distinct().toList();
        String names = nested.stream().map(CommandLine::getCommandName).collect(Collectors.joining(" "));
        for (CommandLine each : nested) {
            String name = each.getCommandName();
            String before = path.isEmpty() ? fresh : path + "; and not __fish_seen_subcommand_from " + names;
            line(before, " -a " + quoted(name) + " -d " + quoted(summary(each.getCommandSpec())), to);
            String within = "__fish_seen_subcommand_from " + name;
            describe(each, before, path.isEmpty() ? within : path + "; and " + within, to);
        }
    }

    private static void option(OptionSpec option, String here, StringBuilder to) {
        var words = new StringBuilder();
        for (String name : option.names()) {
            words.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        if (option.arity().max() > 0) {
            words.append(takesFile(option) ? " -r -F" : " -x");
        }
        String[] description = option.description();
        words.append(" -d ").append(quoted(description.length == 0 ? "" : plain(description[0])));
        line(here, words.toString(), to);
    }

    private static boolean takesFile(OptionSpec option) {
        return Path.class.isAssignableFrom(option.type());
    }

    private static void line(String condition, String words, StringBuilder to) {
        to.append("complete -c turnout -n ")
                .append(quoted(condition))
                .append(words)
                .append('\n');
    }

    private static String summary(CommandSpec spec) {
        String[] description = spec.usageMessage().description();
        return description.length == 0 ? "" : plain(description[0]);
    }

    /** What picocli would put in place of variables means nothing here. */
    private static String plain(String text) {
        return text.replaceAll("\\$\\{[^}]*}", "").replace("%n", " ").replace("%%", "%");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
