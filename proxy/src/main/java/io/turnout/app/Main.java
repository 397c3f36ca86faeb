package io.turnout.app;

import io.turnout.cli.TurnoutCommand;
import picocli.CommandLine;

/** Entry of the runnable jar. */
public final class Main {
    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    private Main() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        // Netty would take a stack trace for a sample of all buffers. Tests watch every one of them instead
        // (docs/decisions).
        if (System.getProperty(LEAK_DETECTION) == null) {
            System.setProperty(LEAK_DETECTION, "disabled");
        }
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine line = TurnoutCommand.commandLine();
        TurnoutCommand.add(line, "run", new RunCommand());
        TurnoutCommand.add(line, "demo", new DemoCommand());
        return line;
    }
}
