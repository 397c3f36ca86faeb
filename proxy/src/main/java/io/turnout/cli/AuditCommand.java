package io.turnout.cli;

import io.turnout.adminapi.AuditEntry;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows who did what. Confined to the thread that runs it. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Shows who changed what, from where and why, the newest first.",
        footerHeading = "%nExample:%n",
        footer = "  turnout audit -n 20")
final class AuditCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "100",
            description = "How many entries, 1 to 1000 (default: 100)")
    private int limit = 100;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailure {
        if (limit < 1 || limit > 1_000) {
            throw new CommandFailure(ExitCode.USAGE, "--limit: found " + limit + ", expected 1 to 1000");
        }
        var received = admin.client().look("/api/v1/audit?limit=" + limit, AuditEntry[].class);
        PrintWriter out = spec.commandLine().getOut();
        out.print(admin.json() ? received.json() + "\n" : table(received.value()));
        out.flush();
        return ExitCode.OK;
    }

    private static String table(AuditEntry[] entries) {
        Table table =
                new Table(9, "TIME", "ACTOR", "VIA", "ACTION", "SUBJECT", "BEFORE", "AFTER", "GENERATION", "REASON");
        for (AuditEntry entry : entries) {
            table.row(
                    Printable.time(entry.time()),
                    entry.actor(),
                    entry.source(),
                    entry.action(),
                    entry.subject(),
                    orDash(entry.before()),
                    orDash(entry.after()),
                    Long.toString(entry.generation()),
                    orDash(entry.reason()));
        }
        return table.text("");
    }

    private static String orDash(@Nullable String text) {
        return text == null ? "-" : text;
    }
}
