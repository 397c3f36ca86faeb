package io.turnout.cli;

import io.turnout.audit.AuditCheck;
import io.turnout.audit.AuditFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Follows the hash chain of an audit on this machine. Confined to the thread that runs it. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Checks that no entry of an audit was changed, removed or inserted. Needs no server.",
        footerHeading = "%nExit codes: 1 the chain is broken, 3 there is no audit to read.%n%nExamples:%n",
        footer = {"  turnout audit verify .turnout", "  turnout audit verify .turnout --expect 3f1c09ab..."})
final class AuditVerifyCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "PATH",
            defaultValue = ".turnout",
            description = "The state folder, or its audit file (default: .turnout)")
    private Path path = Path.of(".turnout");

    @Option(
            names = "--expect",
            paramLabel = "HASH",
            description =
                    "The hash of an entry seen before, which must still be there: shows that the end was not cut off")
    private @Nullable String expected;

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailure {
        AuditCheck check = checked(Files.isDirectory(path) ? path.resolve(AuditFiles.NAME) : path);
        boolean found = expected == null || check.contains(expected);
        PrintWriter out = spec.commandLine().getOut();
        out.println(output.json() ? json(check, found) : text(check, found));
        out.flush();
        return check.holds() && found ? ExitCode.OK : ExitCode.NEGATIVE;
    }

    private static AuditCheck checked(Path file) throws CommandFailure {
        if (AuditFiles.all(file).isEmpty()) {
            throw new CommandFailure(
                    ExitCode.INVALID_CONFIG, "found no audit at " + file + ", expected a state folder");
        }
        try {
            return AuditFiles.check(file);
        } catch (IOException | UncheckedIOException e) {
            throw new CommandFailure(ExitCode.INVALID_CONFIG, "cannot read " + file + ": " + e.getMessage());
        }
    }

    private static String json(AuditCheck check, boolean found) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("holds", check.holds() && found);
        members.put("entries", check.entries());
        members.put("entriesBeforeTheChain", check.unsealed());
        members.put("newestHash", check.head());
        members.put("expectedFound", found);
        members.put("faults", check.faults());
        members.put("notes", check.notes());
        return Json.written(members);
    }

    private String text(AuditCheck check, boolean found) {
        var text = new StringBuilder();
        check.faults()
                .forEach(fault ->
                        text.append("BROKEN  ").append(Printable.text(fault)).append('\n'));
        if (!found) {
            text.append("BROKEN  no entry has the hash ")
                    .append(Printable.text(String.valueOf(expected)))
                    .append('\n');
        }
        check.notes()
                .forEach(note ->
                        text.append("note    ").append(Printable.text(note)).append('\n'));
        text.append(check.entries()).append(" entries");
        if (check.unsealed() > 0) {
            text.append(", ").append(check.unsealed()).append(" of them from before there was a chain");
        }
        text.append(check.holds() && found ? ", the chain holds" : ", the chain is broken");
        return text.append("\nnewest hash ")
                .append(check.head() == null ? "none" : check.head())
                .toString();
    }
}
