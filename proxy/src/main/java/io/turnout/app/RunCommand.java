package io.turnout.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code turnout run FILE}: the proxy itself, until it is told to stop. */
@Command(
        name = "run",
        description = "Run the proxy with a configuration file.",
        footer = {
            "",
            "Stops on SIGTERM or SIGINT: running requests finish, each connection is told that it ends.",
            "Exit codes: 1 cannot start, 3 the configuration has errors.",
            "",
            "Example: turnout run turnout.yaml"
        })
final class RunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", defaultValue = "turnout.yaml", description = "default: ${DEFAULT-VALUE}")
    private Path file = Path.of("turnout.yaml");

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "how long running requests may take when it stops (default: ${DEFAULT-VALUE})")
    private int drainSeconds = 30;

    @Override
    public Integer call() throws InterruptedException {
        Turnout turnout;
        try {
            turnout = Turnout.startWarm(file);
        } catch (StartFailure failure) {
            failure.lines().forEach(System.err::println);
            return failure.exitCode();
        }
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> turnout.stop(Duration.ofSeconds(drainSeconds)), "shutdown"));
        new CountDownLatch(1).await();
        return 0;
    }
}
