package io.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.testing.Browser;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The way of a new user, with the jar that was built: starts the demo with its tour, opens the address it prints, and waits
 * until the page shows a canary that was reverted. How long that took is printed, and wanted below a minute.
 */
class FirstLookIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Pattern CONSOLE = Pattern.compile("console +(http://\\S+)");

    @TempDir
    Path folder;

    @Test
    void theDemoShowsARevertedCanaryByItself() throws Exception {
        Path log = folder.resolve("demo.log");
        Path jar = Path.of(Objects.requireNonNull(System.getProperty("turnout.jar")));
        try (Browser browser = Browser.start(folder)) {
            long start = System.nanoTime();
            Process demo = demo(jar, log);
            try {
                Awaitility.await().atMost(PATIENCE).until(() -> address(log) != null);
                browser.open(Objects.requireNonNull(address(log)));
                Awaitility.await("a page")
                        .atMost(PATIENCE)
                        .until(() -> browser.text("main h1").contains("shop"));
                report("the console on screen", start);
                Awaitility.await("a reverted canary, see " + log)
                        .atMost(PATIENCE)
                        .until(() -> browser.text(".notice.bad").contains("Reverted by guard"));
                report("a reverted canary on screen", start);
                assertThat(browser.text(".notice.bad")).contains("against stable");
                browser.picture(jar.resolveSibling("console").resolve("first-look.png"), true);
            } finally {
                demo.destroy();
                demo.waitFor();
            }
        }
    }

    private static Process demo(Path jar, Path log) throws IOException {
        String java = ProcessHandle.current().info().command().orElse("java");
        return new ProcessBuilder(
                        java,
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-jar",
                        jar.toString(),
                        "demo",
                        "--story",
                        "--port",
                        "0",
                        "--admin-port",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static @Nullable String address(Path log) {
        try {
            Matcher printed = CONSOLE.matcher(Files.readString(log));
            return printed.find() ? printed.group(1) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void report(String what, long startNanos) {
        new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8)
                .printf(Locale.ROOT, "FIRST LOOK %s after %.1f s%n", what, (System.nanoTime() - startNanos) / 1e9);
    }
}
