package io.turnout.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command that changes something takes. */
final class ChangeOptions {
    @Option(
            names = {"-r", "--reason"},
            paramLabel = "TEXT",
            description = "Why; it stands in the audit")
    private @Nullable String reason;

    @Option(
            names = "--if-generation",
            paramLabel = "N",
            description = "Only if this generation (see status) is still in force; else exit 5")
    private @Nullable Long generation;

    @Nullable
    String reason() {
        return reason;
    }

    @Nullable
    Long generation() {
        return generation;
    }
}
