package io.turnout.app;

import io.turnout.cli.TurnoutCommand;
import picocli.CommandLine;

/** Entry of the runnable jar. */
public final class Main {
    private Main() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine line = TurnoutCommand.commandLine();
        TurnoutCommand.add(line, "run", new RunCommand());
        TurnoutCommand.add(line, "demo", new DemoCommand());
        return line;
    }
}
