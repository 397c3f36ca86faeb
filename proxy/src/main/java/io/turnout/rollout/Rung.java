package io.turnout.rollout;

import java.time.Duration;
import java.util.List;

/**
 * One weight on the way up. Immutable.
 *
 * @param canaryPpm canary share in parts per million, 1 to 1,000,000
 * @param hold least time with traffic before going on
 * @param minRequests canary requests before going on, 0 or more
 * @param gates to be opened one after the other before this weight is set
 * @param proof whether the canary must be shown to be fine before going on
 */
public record Rung(int canaryPpm, Duration hold, long minRequests, List<Gate> gates, Proof proof) {
    /** What it takes to leave a rung upwards, apart from time and requests. */
    public enum Proof {
        /** The judge says that the canary is fine. */
        REQUIRED,
        /** The judge does not object. */
        WAIVED
    }

    public Rung {
        if (canaryPpm < 1 || canaryPpm > RolloutPlan.WHOLE) {
            throw new IllegalArgumentException("step of " + canaryPpm + " ppm, expected 1 to " + RolloutPlan.WHOLE);
        }
        if (hold.isNegative() || minRequests < 0) {
            throw new IllegalArgumentException(
                    "hold " + hold + " and " + minRequests + " requests, expected 0 or more");
        }
        gates = List.copyOf(gates);
        if (gates.stream().map(Gate::name).distinct().count() != gates.size()) {
            throw new IllegalArgumentException("gates " + gates + " of one step share a name");
        }
    }

    /** A step whose evidence is required and which has no gates. */
    public static Rung step(int canaryPpm, Duration hold) {
        return new Rung(canaryPpm, hold, 0, List.of(), Proof.REQUIRED);
    }

    public Rung withGates(Gate... gates) {
        return new Rung(canaryPpm, hold, minRequests, List.of(gates), proof);
    }

    public Rung withMinRequests(long minRequests) {
        return new Rung(canaryPpm, hold, minRequests, gates, proof);
    }
}
