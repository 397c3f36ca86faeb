package io.turnout.bench.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads files under {@code /proc}. Stateless. */
final class ProcFiles {
    /** Length of a clock tick in {@code /proc}: USER_HZ is 100 on every Linux we run on. */
    static final double TICKS_PER_SECOND = 100;

    private ProcFiles() {}

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Null when the file's process is gone. */
    static @Nullable String readIfThere(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            // No such file, or no such process for one that ends at this moment.
            return null;
        }
    }
}
