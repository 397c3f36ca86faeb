package io.turnout.snapshot;

import io.turnout.tls.ClientTls;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool as the data plane sees it. Immutable.
 *
 * @param id index of the pool in its snapshot, and {@code PoolRef.id} of its variants
 * @param connectNanos how long a connection may take to open
 * @param responseNanos how long the first byte of an answer may take after the last of the request
 * @param idleNanos how long a connection may rest unused, and an answer stand still
 * @param maxConnections connections of one event loop to all endpoints together
 * @param maxPending requests of one event loop that may wait for a connection
 * @param tls null for plain text
 */
public record PoolPlan(
        int id,
        String name,
        List<EndpointPlan> endpoints,
        Balance balance,
        long connectNanos,
        long responseNanos,
        long idleNanos,
        int maxConnections,
        int maxPending,
        @Nullable ClientTls tls) {
    /** How an endpoint is chosen. */
    public enum Balance {
        /** The less busy of two drawn at random. */
        LEAST_REQUEST,
        /** In turn. */
        ROUND_ROBIN
    }

    public PoolPlan {
        endpoints = List.copyOf(endpoints);
    }
}
