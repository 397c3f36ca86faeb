package io.turnout.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a manual page. Confined to the thread that runs it. */
@Command(
        name = "man",
        mixinStandardHelpOptions = true,
        description = "Prints a manual page: of the command line, or of the configuration file.",
        footerHeading = "%nExamples:%n",
        footer = {"  turnout man > turnout.1 && man ./turnout.1", "  turnout man turnout.yaml.5 > turnout.yaml.5"})
final class ManCommand implements Callable<Integer> {
    /** The pages, by the names of their files. */
    enum Page {
        COMMANDS("turnout.1"),
        CONFIGURATION("turnout.yaml.5");

        private final String file;

        Page(String file) {
            this.file = file;
        }

        @Override
        public String toString() {
            return file;
        }
    }

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PAGE",
            defaultValue = "turnout.1",
            description = "turnout.1 or turnout.yaml.5 (default: turnout.1)")
    private Page page = Page.COMMANDS;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                switch (page) {
                    case COMMANDS -> ManPages.ofCommands(spec.root().commandLine());
                    case CONFIGURATION -> ManPages.ofConfiguration();
                });
        out.flush();
        return ExitCode.OK;
    }
}
