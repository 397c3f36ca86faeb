package io.turnout.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Programs of the operating system that some tests need. */
public final class Programs {
    private Programs() {}

    /** Path of a program, or skips the test with a printed reason where it is not installed. */
    public static String require(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        for (String folder : path.split(File.pathSeparator)) {
            Path candidate = Path.of(folder, name);
            if (Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        String reason = "SKIPPED: this test needs the program " + name + ", which is not installed";
        report(reason);
        Assumptions.abort(reason);
        throw new AssertionError("unreachable");
    }

    private static void report(String reason) {
        new java.io.PrintStream(
                        new java.io.FileOutputStream(java.io.FileDescriptor.err),
                        true,
                        java.nio.charset.StandardCharsets.UTF_8)
                .println(reason);
    }
}
