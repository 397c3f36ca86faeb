package io.turnout.cli;

import io.turnout.adminapi.AuditEntry;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
        subcommands = AuditVerifyCommand.class,
        footerHeading = "%nExamples:%n",
        footer = {"  turnout audit -n 20", "  turnout audit --long -n 1", "  turnout audit verify .turnout"})
final class AuditCommand implements Callable<Integer> {
    private static final int NAME_WIDTH = 10;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "100",
            description = "How many entries, 1 to 1000 (default: 100)")
    private int limit = 100;

    @Option(names = "--long", description = "Each entry as a paragraph with its evidence and hash")
    private boolean detailed;

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
        out.print(admin.json() ? received.json() + "\n" : text(received.value()));
        out.flush();
        return ExitCode.OK;
    }

    private String text(AuditEntry[] entries) {
        return detailed
                ? Arrays.stream(entries).map(AuditCommand::paragraph).collect(Collectors.joining("\n"))
                : table(entries);
    }

    /** Everything an entry says, a line each; what it does not say has none. */
    private static String paragraph(AuditEntry entry) {
        Map<String, @Nullable String> lines = new LinkedHashMap<>();
        lines.put("entry", entry.id() + ", " + entry.time() + ", generation " + entry.generation());
        lines.put(
                "actor",
                entry.actor() + " via " + entry.source() + (entry.address() == null ? "" : " from " + entry.address()));
        lines.put("action", entry.action() + " " + entry.subject());
        lines.put("before", entry.before());
        lines.put("after", entry.after());
        lines.put("reason", entry.reason());
        lines.put("evidence", entry.evidence());
        lines.put("commit", entry.commit());
        lines.put("hash", entry.hash());
        var text = new StringBuilder();
        lines.forEach((name, value) -> {
            if (value != null) {
                String shown = Printable.text(value).replace("\n", "\n" + " ".repeat(NAME_WIDTH));
                text.append(String.format("%-" + NAME_WIDTH + "s%s%n", name, shown));
            }
        });
        return text.toString();
    }

    private static String table(AuditEntry[] entries) {
        Table table = new Table(
                10, "TIME", "ACTOR", "VIA", "FROM", "ACTION", "SUBJECT", "BEFORE", "AFTER", "GENERATION", "REASON");
        for (AuditEntry entry : entries) {
            table.row(
                    Printable.time(entry.time()),
                    entry.actor(),
                    entry.source(),
                    orDash(entry.address()),
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
