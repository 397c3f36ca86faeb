package io.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.control.Control;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} at random points of writing: what was acknowledged is what is found again. */
class KillIT {
    private static final int TRIALS = Integer.getInteger("turnout.kills", 200);

    @TempDir
    Path folder;

    @Test
    void theStateAfterAKillIsTheLastAcknowledgedOne() throws Exception {
        long seed = Long.getLong("prop.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int trial = 0; trial < TRIALS; trial++) {
            int acknowledged = writeAndKill(random.nextInt(60_000_000));
            try (Control control = StateWriter.open(folder)) {
                // One more may have reached the disk without its acknowledgement having reached us.
                assertThat(StateWriter.green(control))
                        .as("trial %d, seed %d", trial, seed)
                        .isBetween(acknowledged, acknowledged + 1);
            }
        }
        try (var files = Files.list(folder.resolve("state"))) {
            assertThat(files.count()).as("files left behind").isLessThan(20 + TRIALS);
        }
    }

    /** Answers the last number the writer was promised before it was killed. */
    private int writeAndKill(int nanosAfterFirst) throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StateWriter.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            assertThat(line).as("the writer's first acknowledgement").isNotNull();
            LockSupport.parkNanos(nanosAfterFirst);
            // The handle only signals; the process itself would close the stream that still holds acknowledgements.
            writer.toHandle().destroyForcibly();
            int last = Integer.parseInt(line);
            while ((line = out.readLine()) != null) {
                last = Integer.parseInt(line);
            }
            writer.waitFor();
            return last;
        }
    }
}
