package io.turnout.cli;

import java.util.Locale;
import picocli.CommandLine.Option;

/** How a command prints what it found. */
final class OutputOption {
    /** The forms. */
    enum Format {
        /** For people. */
        TEXT,
        /** For programs: the JSON of the admin API. */
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: text)")
    private Format format = Format.TEXT;

    boolean json() {
        return format == Format.JSON;
    }
}
