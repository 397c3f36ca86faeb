package io.turnout.cli;

import io.turnout.adminapi.Status;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows where the traffic goes. Confined to the thread that runs it. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows where the traffic goes, what lies over the file, and how the pools do.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  turnout status",
            "  turnout status --watch",
            "  turnout status --watch --timeout 10m > log",
            "  turnout status -o json --admin http://10.0.0.5:9900 --token-file token"
        })
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(
            names = {"-w", "--watch"},
            description = "Go on showing it: a picture in a terminal, a line per route and second elsewhere")
    private boolean watch;

    @Option(names = "--timeout", paramLabel = "DURATION", description = "End --watch after this time (exit 0)")
    private @Nullable String timeout;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailure {
        Duration atMost = WatchOptions.duration("--timeout", timeout);
        if (watch) {
            return watched(atMost);
        }
        var received = admin.client().look("/api/v1/status", Status.class);
        PrintWriter out = spec.commandLine().getOut();
        out.print(admin.json() ? received.json() + "\n" : StatusText.of(received.value()));
        out.flush();
        return ExitCode.OK;
    }

    private int watched(@Nullable Duration atMost) throws CommandFailure {
        if (admin.json()) {
            throw new CommandFailure(ExitCode.USAGE, "--watch is for people; turnout events -o json is for programs");
        }
        var shown = new StatusWatch(spec.commandLine().getOut(), Terminal.isThere());
        Thread atExit = new Thread(shown::leave, "terminal");
        Runtime.getRuntime().addShutdownHook(atExit);
        shown.enter();
        try {
            new Following(admin.client(), atMost).follow(shown);
        } finally {
            shown.leave();
            forget(atExit);
        }
        return ExitCode.OK;
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook runs.
        }
    }
}
