package io.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.adminapi.RolloutStatus;
import io.turnout.cli.TurnoutCommand;
import io.turnout.control.Cause;
import io.turnout.control.Command;
import io.turnout.control.CommandResult;
import io.turnout.rollout.Verb;
import io.turnout.testing.RawServer;
import io.turnout.testing.SteadyLoad;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A rollout in real time, with the load in a process of its own. */
@Timeout(400)
class RolloutIT {
    private static final int REQUESTS_PER_SECOND = 110;

    @TempDir
    Path folder;

    /** What {@code turnout plan} says before any traffic, in seconds. */
    private static double predictedSeconds(Path file) {
        CommandLine line = TurnoutCommand.commandLine();
        StringWriter out = new StringWriter();
        line.setOut(new PrintWriter(out));
        int code = line.execute(
                "plan", file.toString(), "--rate", "" + REQUESTS_PER_SECOND, "--error-rate", "0.01%", "-o", "json");
        assertThat(code).as("%s", out).isZero();
        JsonNode plan = new JsonMapper().readTree(out.toString());
        return plan.get("seconds").asDouble();
    }

    @Test
    void aHealthyCanaryIsPromotedWithoutOneFailedRequest() throws Exception {
        Path file = folder.resolve("turnout.yaml");
        try (RawServer blue = RawServer.saying("blue");
                RawServer green = RawServer.saying("green")) {
            Files.writeString(file, """
                    listeners: [{name: web, address: 127.0.0.1:0}]
                    admin: {address: 127.0.0.1:0}
                    workers: 2
                    pools:
                      blue: {endpoints: [127.0.0.1:%d]}
                      green: {endpoints: [127.0.0.1:%d]}
                    routes:
                      - name: shop
                        split: {blue: 100, green: 0}
                        guard: {stable: blue, errorRate: {max: 5%%}, minRequests: 20}
                        rollout:
                          canary: green
                          steps: [1%%, 10%%, 50%%, 100%%]
                          hold: 2s
                          control: {hold: 2s}
                    """.formatted(blue.port(), green.port()));
            double predicted = predictedSeconds(file);
            try (Turnout turnout = Turnout.start(file);
                    SteadyLoad load = SteadyLoad.start(turnout.address("web").getPort(), 4, REQUESTS_PER_SECOND)) {
                long begun = System.nanoTime();
                CommandResult started = turnout.control()
                        .submit(new Command.SteerRollout("shop", Verb.START, null, Cause.of("ann", Cause.API)))
                        .join();
                assertThat(started).isInstanceOf(CommandResult.Applied.class);

                await().atMost(Duration.ofMinutes(6))
                        .until(() -> rollout(turnout).phase().equals("succeeded"));
                double seconds = (System.nanoTime() - begun) / 1e9;
                SteadyLoad.Report report = load.stop();

                System.out.printf(
                        "RolloutIT: 1 -> 10 -> 50 -> 100 %% in %.1f s, %.1f s predicted; %d requests, %d failed%n",
                        seconds, predicted, report.answered(), report.failed());
                assertThat(report.failures()).isEmpty();
                assertThat(report.failed()).isZero();
                assertThat(report.answered()).isGreaterThan(5_000);
            }
        }
    }

    private static RolloutStatus rollout(Turnout turnout) {
        return Objects.requireNonNull(
                Objects.requireNonNull(turnout.control().route("shop")).rollout());
    }
}
