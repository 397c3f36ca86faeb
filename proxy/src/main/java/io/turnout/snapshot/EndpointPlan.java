package io.turnout.snapshot;

import io.turnout.telemetry.EndpointMeter;
import io.turnout.telemetry.health.EndpointHealth;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One member of a pool. Immutable but for its meter's counters and its health.
 *
 * @param name {@code host:port} as configured, or {@code ip:port} where a name stands for all its addresses; its
 *     identity over reloads
 * @param address where to connect; unresolved when the name could not be resolved yet, then it is not asked
 * @param drained whether an operator has taken it out: requests in progress end, new ones go elsewhere
 * @param meter its counters, kept as long as the endpoint stays configured
 * @param health what is known of its health, kept as long as it stays configured and leads to the same address
 * @param announcement what a connection to it begins with, before TLS
 * @param tls null for plain text
 */
public record EndpointPlan(
        String name,
        InetSocketAddress address,
        boolean drained,
        EndpointMeter meter,
        EndpointHealth health,
        Announcement announcement,
        @Nullable EndpointTls tls) {
    /** A member that is spoken with in plain text. */
    public EndpointPlan(
            String name, InetSocketAddress address, boolean drained, EndpointMeter meter, EndpointHealth health) {
        this(name, address, drained, meter, health, Announcement.NONE, null);
    }

    /** Scheme of a request to it, as its own protocol says it. */
    public String scheme() {
        return tls == null ? "http" : "https";
    }

    /** Whether it may be asked at all, whatever its health. */
    public boolean isInService() {
        return !drained && !address.isUnresolved();
    }
}
