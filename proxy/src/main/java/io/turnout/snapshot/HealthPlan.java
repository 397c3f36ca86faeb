package io.turnout.snapshot;

import io.turnout.telemetry.health.PoolHealth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a pool finds out which of its members may be asked. Immutable but for the shared health.
 *
 * @param shared tells when the health of a member changes; kept as long as the pool stays configured
 * @param probe how members are probed, or null
 * @param outlier how members are ejected by what exchanges show
 * @param slowStartNanos how long a new or recovered member takes to its full share; 0 for at once
 * @param panicPpm share of healthy members below which all are asked, in parts per million; 0 for never
 */
public record HealthPlan(PoolHealth shared, @Nullable Probe probe, Outlier outlier, long slowStartNanos, int panicPpm) {
    /**
     * Active probes.
     *
     * @param question what a member is asked
     * @param healthyAfter good answers in a row until a member is used
     * @param unhealthyAfter failures in a row until it is not
     */
    public record Probe(
            Question question, long intervalNanos, long timeoutNanos, int healthyAfter, int unhealthyAfter) {}

    /** What a member is asked. */
    public sealed interface Question {}

    /**
     * A GET request.
     *
     * @param path asked for
     * @param good ranges of status codes that are good answers
     */
    public record Get(String path, List<Codes> good) implements Question {
        public Get {
            good = List.copyOf(good);
        }

        /** Whether a status code is a good answer. */
        public boolean isGood(int status) {
            return good.stream().anyMatch(codes -> codes.first <= status && status <= codes.last);
        }
    }

    /**
     * A call of gRPC's health service, to a member that speaks HTTP/2.
     *
     * @param service full name, empty for the server as a whole
     */
    public record GrpcCheck(String service) implements Question {}

    /** Status codes from the first to the last, both included. */
    public record Codes(int first, int last) {}

    /**
     * Passive ejection.
     *
     * @param consecutiveErrors gateway errors in a row until a member is ejected; {@link Integer#MAX_VALUE} for never
     * @param ejectNanos length of a first ejection
     * @param maxEjectedPpm share of the members that may be ejected at a time; one may unless it is 0
     */
    public record Outlier(int consecutiveErrors, long ejectNanos, int maxEjectedPpm) {}
}
