package io.turnout.cli;

import io.turnout.adminapi.Status;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows where the traffic goes. Confined to the thread that runs it. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows where the traffic goes, what lies over the file, and how the pools do.",
        footerHeading = "%nExamples:%n",
        footer = {"  turnout status", "  turnout status -o json --admin http://10.0.0.5:9900 --token-file token"})
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailure {
        var received = admin.client().look("/api/v1/status", Status.class);
        PrintWriter out = spec.commandLine().getOut();
        out.print(admin.json() ? received.json() + "\n" : StatusText.of(received.value()));
        out.flush();
        return ExitCode.OK;
    }
}
