package io.turnout.cli;

import static io.turnout.cli.AdminClient.segment;

import io.turnout.adminapi.SmokeReport;
import io.turnout.adminapi.SmokeRequest;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks a pool the smoke tests of a route. Confined to the thread that runs it. */
@Command(
        name = "smoke",
        mixinStandardHelpOptions = true,
        description = {
            "Asks the idle pool of a route its smoke tests, and tells how each went: exit 1 when one failed.",
            "A switch does the same by itself."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  turnout smoke shop", "  turnout smoke shop green && turnout switch shop green"})
final class SmokeCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "ROUTE", description = "The route")
    private String route = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "POOL",
            description = "A pool of its split; without: the one that has no traffic")
    private @Nullable String pool;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailure {
        var received = admin.client()
                .ask("/api/v1/routes/" + segment(route) + "/smoke", new SmokeRequest(pool), SmokeReport.class);
        PrintWriter out = spec.commandLine().getOut();
        out.print(admin.json() ? received.json() + "\n" : told(received.value()));
        out.flush();
        return received.value().passed() ? ExitCode.OK : ExitCode.NEGATIVE;
    }

    private static String told(SmokeReport report) {
        Table table = new Table(2, "TEST", "ENDPOINT", "MS", "OUTCOME");
        for (SmokeReport.Case one : report.cases()) {
            table.row(
                    one.test(),
                    one.endpoint(),
                    String.format(Locale.ROOT, "%.1f", one.millis()),
                    (one.passed() ? "passed" : "FAILED: " + one.text()));
        }
        return Printable.text("route " + report.route() + ", pool " + report.pool() + ": " + report.text()) + "\n"
                + table.text("  ");
    }
}
