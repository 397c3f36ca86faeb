package io.turnout.judge;

import java.util.List;

/**
 * Whether the evidence allows the next step of a rollout and, if not, what it lacks. Immutable.
 *
 * @param missing empty when ready
 */
public record Readiness(List<Missing> missing) {
    public Readiness {
        missing = List.copyOf(missing);
    }

    public boolean isReady() {
        return missing.isEmpty();
    }

    /** One sentence: all that is missing, or that nothing is. */
    public String text() {
        return missing.isEmpty()
                ? "shown to be fine at this weight"
                : String.join("; ", missing.stream().map(Missing::text).toList());
    }

    /** What kind of thing is missing. */
    public enum Need {
        CANARY_REQUESTS,
        ERROR_EVIDENCE,
        THIRD_EVIDENCE,
        LATENCY_EVIDENCE,
        STABLE_LATENCY,
        DWELL,
        WARM_UP,
        LESS_SUSPICION,
        NO_INCIDENT
    }

    /**
     * One thing that is missing.
     *
     * @param canaryRequests how many more canary requests it takes, infinity when more would not help, 0 when it is not
     *     a matter of requests
     * @param seconds how long that takes at the present rate, infinity when nobody can say
     * @param text the same in words and numbers
     */
    public record Missing(Need need, double canaryRequests, double seconds, String text) {}
}
