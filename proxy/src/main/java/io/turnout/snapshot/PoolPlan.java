package io.turnout.snapshot;

import java.util.List;

/**
 * A pool as the data plane sees it. Immutable.
 *
 * @param id index of the pool in its snapshot, and {@code PoolRef.id} of its variants
 * @param protocol what is spoken with all of them
 * @param connectNanos how long a connection may take to open
 * @param responseNanos how long the first byte of an answer may take after the last of the request
 * @param idleNanos how long a connection may rest unused, and an answer stand still
 * @param maxConnections connections of one event loop to all endpoints together
 * @param maxPending requests of one event loop that may wait for a connection
 */
public record PoolPlan(
        int id,
        String name,
        List<EndpointPlan> endpoints,
        Balance balance,
        Protocol protocol,
        long connectNanos,
        long responseNanos,
        long idleNanos,
        int maxConnections,
        int maxPending) {
    /** How an endpoint is chosen. */
    public enum Balance {
        /** The less busy of two drawn at random. */
        LEAST_REQUEST,
        /** In turn. */
        ROUND_ROBIN
    }

    /** What is spoken with the endpoints. */
    public enum Protocol {
        HTTP1,
        H2
    }

    public PoolPlan {
        endpoints = List.copyOf(endpoints);
    }
}
