package io.turnout.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What came of a command line typed into a terminal without colours. */
record Typed(int exitCode, String out, String err) {
    static Typed run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        CommandLine line = TurnoutCommand.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        int exitCode = line.execute(arguments);
        return new Typed(exitCode, out.toString(), err.toString());
    }
}
