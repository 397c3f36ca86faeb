package io.turnout.snapshot;

import io.turnout.telemetry.PoolMeter;
import io.turnout.telemetry.health.HealthState;
import java.util.List;

/**
 * A pool as the data plane sees it. Immutable but for its meter's counters and the health of its members.
 *
 * @param id index of the pool in its snapshot, and {@code PoolRef.id} of its variants
 * @param protocol what is spoken with all of them
 * @param connectNanos how long a connection may take to open
 * @param responseNanos how long the first byte of an answer may take after the last of the request
 * @param idleNanos how long a connection may rest unused, and an answer stand still
 * @param limits how much is asked of it
 * @param health how its members' health is found out
 * @param meter what happens at its limits, kept as long as the pool stays configured
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
        Limits limits,
        HealthPlan health,
        PoolMeter meter) {
    /** How an endpoint is chosen. */
    public enum Balance {
        /** The less busy of two drawn at random. */
        LEAST_REQUEST,
        /** In turn. */
        ROUND_ROBIN,
        /** Of two drawn at random the one that answers sooner, by recent latency times requests in progress. */
        EWMA
    }

    /** What is spoken with the endpoints. */
    public enum Protocol {
        HTTP1,
        H2
    }

    public PoolPlan {
        endpoints = List.copyOf(endpoints);
    }

    /**
     * How much is asked of the pool by all loops together. Loops share nothing, so each gets its part; one that there is
     * no whole part for still gets one connection.
     *
     * @param connections open at a time, to all endpoints together
     * @param pending requests that wait for a connection
     * @param loops number of event loops
     */
    public record Limits(int connections, int pending, int loops) {
        /** Connections of the loop with this index. */
        public int connectionsOf(int loop) {
            return Math.max(1, part(connections, loop));
        }

        /** Waiting requests of the loop with this index. */
        public int pendingOf(int loop) {
            return part(pending, loop);
        }

        /** The parts add up to the whole. */
        private int part(int whole, int loop) {
            return whole / loops + (loop < whole % loops ? 1 : 0);
        }
    }

    /** What a connection to its members begins with. */
    public Announcement announcement() {
        return endpoints.isEmpty() ? Announcement.NONE : endpoints.get(0).announcement();
    }

    /**
     * Members that may be asked: in service, resolved, and healthy as far as is known. While none is known to be
     * healthy, those of which nothing is known yet count.
     */
    public int usableEndpoints(long nowNanos) {
        int healthy = 0;
        int pending = 0;
        for (EndpointPlan endpoint : endpoints) {
            if (endpoint.isInService()) {
                HealthState state = endpoint.health().state();
                healthy += state.isHealthy(nowNanos) ? 1 : 0;
                pending += state.isPending(nowNanos) ? 1 : 0;
            }
        }
        return healthy > 0 ? healthy : pending;
    }
}
