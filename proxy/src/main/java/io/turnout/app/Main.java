package io.turnout.app;

import io.turnout.cli.TurnoutCommand;
import java.util.Map;
import picocli.CommandLine;

/** Entry of the runnable jar. */
public final class Main {
    /**
     * What Netty reads once, when it loads: it would take a stack trace for a sample of all buffers (tests watch every one
     * of them instead), register events with a flight recorder, and begin a second pool of memory beside ours. See
     * docs/decisions.
     */
    private static final Map<String, String> NETTY = Map.of(
            "io.netty.leakDetection.level", "disabled",
            "io.netty.jfr.enabled", "false",
            "io.netty.allocator.type", "pooled");

    private static final String RUN = "run";

    private Main() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        NETTY.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
        System.exit(commandLine(arguments).execute(arguments));
    }

    /** The command line for these arguments: {@code run} shall not wait until a score of other commands are made. */
    private static CommandLine commandLine(String[] arguments) {
        return arguments.length > 0 && arguments[0].equals(RUN) ? withRun(TurnoutCommand.root()) : commandLine();
    }

    static CommandLine commandLine() {
        CommandLine line = withRun(TurnoutCommand.commandLine());
        TurnoutCommand.add(line, "demo", new DemoCommand());
        return line;
    }

    private static CommandLine withRun(CommandLine line) {
        TurnoutCommand.add(line, RUN, new RunCommand());
        return line;
    }
}
