package io.turnout.cli;

import static io.turnout.cli.AdminClient.segment;

import io.turnout.adminapi.MirrorComparison.FieldDifference;
import io.turnout.adminapi.MirrorDifferences;
import io.turnout.adminapi.RouteDifferences;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a route's shadows answer otherwise. Confined to the thread that runs it. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = {
            "Shows in what the answers of a route's shadows differ from those the clients got.",
            "Exit code 1 if anything differs beyond the noise."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  turnout diff shop", "  turnout diff shop --watch"})
final class DiffCommand implements Callable<Integer> {
    private static final long WATCH_MILLIS = 2_000;

    @Parameters(index = "0", paramLabel = "ROUTE", description = "The route")
    private String route = "";

    @Option(names = "--watch", description = "Show it again every two seconds when something has changed")
    private boolean watch;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        AdminClient client = admin.client();
        String shown = "";
        while (true) {
            var received = client.look("/api/v1/routes/" + segment(route) + "/differences", RouteDifferences.class);
            RouteDifferences differences = received.value();
            if (differences.mirrors().isEmpty()) {
                throw new CommandFailure(ExitCode.NEGATIVE, "route " + Printable.text(route) + " has no mirror");
            }
            String text = admin.json() ? received.json() + "\n" : DiffText.of(differences);
            if (!text.equals(shown)) {
                PrintWriter out = spec.commandLine().getOut();
                out.print(shown.isEmpty() || admin.json() ? text : "\n" + text);
                out.flush();
                shown = text;
            }
            if (!watch) {
                return isDifferent(differences) ? ExitCode.NEGATIVE : ExitCode.OK;
            }
            Thread.sleep(WATCH_MILLIS);
        }
    }

    private static boolean isDifferent(RouteDifferences differences) {
        return differences.mirrors().stream()
                .map(MirrorDifferences::comparison)
                .anyMatch(comparison ->
                        comparison != null && comparison.fields().stream().anyMatch(FieldDifference::flagged));
    }
}
