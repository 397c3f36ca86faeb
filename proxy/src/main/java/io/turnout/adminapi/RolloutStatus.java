package io.turnout.adminapi;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a rollout stands, and what it takes to go on.
 *
 * @param phase {@code pending}, {@code progressing}, {@code paused}, {@code promoting}, {@code succeeded},
 *     {@code reverted} or {@code superseded}
 * @param step counted from 1; 0 before the first
 * @param of number of steps, the last of which is all traffic
 * @param weight the canary's share as the rollout wants it, 0 to 1
 * @param since when it came to this phase and step; null before the first start
 * @param holdRemainingSeconds least time with traffic that is left on this step; null when no step holds it
 * @param missing what else keeps it here, in words; empty when nothing does
 * @param waitingFor the gate in front of the next step that has been asked, {@code approval} for a person, or null
 * @param text why it stands there, in words
 * @param next what comes next, in words
 * @param steps the whole way, in order
 * @param allowed the verbs that do something now
 */
public record RolloutStatus(
        String phase,
        int step,
        int of,
        double weight,
        String canary,
        String stable,
        @Nullable Instant since,
        @Nullable Long holdRemainingSeconds,
        List<String> missing,
        @Nullable String waitingFor,
        String text,
        String next,
        List<Step> steps,
        List<String> allowed) {
    /** Every phase. */
    public static final List<String> PHASES =
            List.of("pending", "progressing", "paused", "promoting", "succeeded", "reverted", "superseded");

    public RolloutStatus {
        missing = List.copyOf(missing);
        steps = List.copyOf(steps);
        allowed = List.copyOf(allowed);
    }

    /**
     * A weight on the way.
     *
     * @param weight the canary's share, 0 to 1
     * @param holdSeconds least time with traffic
     * @param minRequests of the canary, before it goes on
     * @param gates what is asked before this weight is set, in order; {@code approval} for a person
     * @param state {@code done}, {@code current} or {@code ahead}
     */
    public record Step(double weight, long holdSeconds, long minRequests, List<String> gates, String state) {
        public Step {
            gates = List.copyOf(gates);
        }
    }
}
