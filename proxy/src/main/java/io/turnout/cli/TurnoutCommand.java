package io.turnout.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The root of the command line. Holds nothing; confined to the thread that runs the command.
 */
@Command(
        name = "turnout",
        mixinStandardHelpOptions = true,
        versionProvider = TurnoutCommand.Version.class,
        description = "Splits HTTP traffic between pools, and moves it back when the new side is bad.",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0  done",
            "  1  refused, not found, or the answer is no",
            "  2  the command line is wrong",
            "  3  a configuration has errors",
            "  4  the admin API cannot be reached",
            "  5  conflict: the state is another one, or does not allow it",
            "  6  what was waited for did not happen in time"
        })
public final class TurnoutCommand implements Runnable {
    private static final List<Class<?>> COMMANDS = List.of(
            CheckCommand.class,
            SchemaCommand.class,
            PlanCommand.class,
            SimulateCommand.class,
            StatusCommand.class,
            WeightsCommand.class,
            SwitchCommand.class,
            SmokeCommand.class,
            OverrideCommand.class,
            RolloutCommand.class,
            RolloutCommand.Pause.class,
            RolloutCommand.Promote.class,
            RolloutCommand.Revert.class,
            DrainCommand.class,
            ResumeCommand.class,
            ExplainCommand.class,
            DiffCommand.class,
            AuditCommand.class,
            EventsCommand.class,
            ReloadCommand.class,
            CompletionCommand.class,
            ManCommand.class,
            CommandLine.HelpCommand.class);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** For picocli, which makes commands by reflection. */
    TurnoutCommand() {}

    /** The command line, ready to execute; further commands can be added to it. */
    public static CommandLine commandLine() {
        CommandLine line = root();
        COMMANDS.forEach(line::addSubcommand);
        configure(line);
        return line;
    }

    /** The command line without any command, for a start that shall not wait until all of them are made. */
    public static CommandLine root() {
        CommandLine line = new CommandLine(new TurnoutCommand());
        configure(line);
        return line;
    }

    /**
     * Makes a command added from elsewhere behave as all others do.
     *
     * @param command an object that picocli understands
     */
    public static void add(CommandLine root, String name, Object command) {
        root.addSubcommand(name, command);
        configure(root);
    }

    private static void configure(CommandLine line) {
        line.setExecutionExceptionHandler(TurnoutCommand::onFailure);
        line.setUsageHelpAutoWidth(true);
        line.setUsageHelpLongOptionsMaxWidth(30);
        line.setAbbreviatedOptionsAllowed(false);
    }

    /** Text for {@code --version} and the metrics; {@code development} when it was not started from the jar. */
    public static String version() {
        String version = TurnoutCommand.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Without a command there is nothing to do: how to use it is an error then, and not the answer. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int onFailure(Exception failure, CommandLine line, CommandLine.ParseResult parsed) throws Exception {
        if (!(failure instanceof CommandFailure expected)) {
            throw failure;
        }
        PrintWriter err = line.getErr();
        err.println(expected.getMessage());
        err.flush();
        return expected.exitCode();
    }

    /** For picocli. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"turnout " + version(), "java " + Runtime.version()};
        }
    }
}
