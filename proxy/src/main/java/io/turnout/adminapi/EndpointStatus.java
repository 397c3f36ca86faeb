package io.turnout.adminapi;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member of a pool.
 *
 * @param address {@code host:port} as configured, {@code ip:port} for one of the addresses of a {@code dns://} name; its
 *     name in the API
 * @param resolved the IP address and port that connections go to, or null while the name is not resolved
 * @param admin {@link #ACTIVE} or {@link #DRAINED}: what the operator wants of it, apart from its health
 * @param health what is known of its health
 * @param connections open now
 * @param active requests running now
 * @param requests attempts sent there
 * @param failures of these, the ones the endpoint failed
 * @param latencyMillis how long its answers have taken to begin lately (moving average), or null
 */
public record EndpointStatus(
        String address,
        @Nullable String resolved,
        String admin,
        Health health,
        long connections,
        long active,
        long requests,
        long failures,
        @Nullable Double latencyMillis) {
    /** In service. */
    public static final String ACTIVE = "active";

    /** Taken out by an operator. */
    public static final String DRAINED = "drained";

    /**
     * What is known of a member's health.
     *
     * @param state one of {@link #STATES}
     * @param reason why, in words; empty when there is nothing to say
     * @param since when that began
     * @param ejectedUntil when an ejected member is tried again, else null
     */
    public record Health(
            String state,
            String reason,
            Instant since,
            @Nullable Instant ejectedUntil) {
        /** It may be asked. */
        public static final String HEALTHY = "healthy";

        /** Its first probes are under way. */
        public static final String PENDING = "pending";

        /** Its probes fail. */
        public static final String UNHEALTHY = "unhealthy";

        /** It is left alone for a while because requests failed there. */
        public static final String EJECTED = "ejected";

        /** Its name leads nowhere. */
        public static final String UNRESOLVED = "unresolved";

        /** Every state. */
        public static final List<String> STATES = List.of(HEALTHY, PENDING, UNHEALTHY, EJECTED, UNRESOLVED);
    }
}
