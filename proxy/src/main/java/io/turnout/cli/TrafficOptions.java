package io.turnout.cli;

import io.turnout.config.shape.Units;
import io.turnout.judge.plan.ArmBehaviour;
import io.turnout.judge.plan.LatencyShape;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The traffic that a rollout is tried on, in virtual time. */
final class TrafficOptions {
    private static final double MIN_RATE = .001;
    private static final double MAX_RATE = 100_000;

    /** Gives a p99 of 4.6 times the median, as services that wait for others have. */
    private static final double STEEPNESS = 3;

    @Option(
            names = "--rate",
            required = true,
            paramLabel = "RPS",
            description = "Requests per second of the whole route, 0.001 to 100000")
    private double rate;

    @Option(
            names = "--error-rate",
            paramLabel = "PERCENT",
            defaultValue = "1%",
            description = "Share of stable's requests that fail, as in 0.2%% (default: 1%%)")
    private String errorRate = "1%";

    @Option(
            names = "--latency",
            paramLabel = "TIME",
            defaultValue = "20ms",
            description = "Median latency; the p99 is taken to be 4.6 times as long (default: 20ms)")
    private String latency = "20ms";

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed gives the same answer (default: 1)")
    private long seed;

    double rate() throws CommandFailure {
        if (!(rate >= MIN_RATE && rate <= MAX_RATE)) {
            throw misuse("--rate: found " + rate + ", expected 0.001 to 100000");
        }
        return rate;
    }

    long seed() {
        return seed;
    }

    double errorRate() throws CommandFailure {
        double share = percent("--error-rate", errorRate);
        if (share == 0 || share > .5) {
            throw misuse("--error-rate: found " + errorRate + ", expected 0.0001% to 50%");
        }
        return share;
    }

    /** @param hosts endpoints of the pool */
    ArmBehaviour stable(int hosts) throws CommandFailure {
        return new ArmBehaviour(errorRate(), shape(1), hosts);
    }

    /** @param factor on all latencies */
    LatencyShape shape(double factor) throws CommandFailure {
        Duration median = duration("--latency", latency);
        double micros = median.toNanos() / 1e3;
        if (micros < 1 || median.compareTo(Duration.ofMinutes(1)) > 0) {
            throw misuse("--latency: found " + latency + ", expected 1us to 1m");
        }
        return LatencyShape.of(micros * factor, STEEPNESS, 0);
    }

    static Duration duration(String option, String text) throws CommandFailure {
        Duration duration = Units.duration(text);
        if (duration == null) {
            throw misuse(option + ": found " + text + ", expected a time such as 250ms or 10m");
        }
        return duration;
    }

    /** A share of 0 to 1. */
    static double percent(String option, String text) throws CommandFailure {
        Integer ppm = Units.ppm(text);
        if (ppm == null || ppm > 1_000_000) {
            throw misuse(option + ": found " + text + ", expected a share such as 5%");
        }
        return ppm / 1e6;
    }

    static CommandFailure misuse(String message) {
        return new CommandFailure(ExitCode.USAGE, message);
    }
}
