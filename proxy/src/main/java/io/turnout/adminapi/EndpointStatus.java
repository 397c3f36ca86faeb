package io.turnout.adminapi;

import org.jspecify.annotations.Nullable;

/**
 * A member of a pool.
 *
 * @param address {@code host:port} as configured; its name in the API
 * @param resolved the IP address and port that connections go to, or null while the name is not resolved
 * @param admin {@link #ACTIVE} or {@link #DRAINED}: what the operator wants of it, apart from its health
 * @param connections open now
 * @param active requests running now
 * @param requests attempts sent there
 * @param failures of these, the ones the endpoint failed
 */
public record EndpointStatus(
        String address,
        @Nullable String resolved,
        String admin,
        long connections,
        long active,
        long requests,
        long failures) {
    /** In service. */
    public static final String ACTIVE = "active";

    /** Taken out by an operator. */
    public static final String DRAINED = "drained";
}
