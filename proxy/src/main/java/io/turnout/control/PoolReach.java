package io.turnout.control;

import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.PoolPlan;
import io.turnout.telemetry.EndpointMeter;
import io.turnout.telemetry.health.HealthState;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Whether traffic could be sent to a pool, as far as is known from the traffic it gets. A pool without traffic is taken
 * at its last word, and at best. Confined to the control thread.
 */
final class PoolReach {
    private final IdentityHashMap<EndpointMeter, Reach> endpoints = new IdentityHashMap<>();

    private static final class Reach {
        private long good;
        private long failures;
        private boolean unreachable;

        void look(EndpointMeter meter) {
            long goodNow = meter.connects() + meter.judged() - meter.charged();
            long failuresNow = meter.connectFailures();
            if (goodNow != good) {
                unreachable = false;
            } else if (failuresNow != failures) {
                unreachable = true;
            }
            good = goodNow;
            failures = failuresNow;
        }
    }

    /** Takes a look at every endpoint of these pools. */
    void look(List<PoolPlan> pools) {
        for (PoolPlan pool : pools) {
            for (EndpointPlan endpoint : pool.endpoints()) {
                endpoints
                        .computeIfAbsent(endpoint.meter(), meter -> new Reach())
                        .look(endpoint.meter());
            }
        }
    }

    /** Forgets endpoints that are gone. */
    void follow(List<PoolPlan> pools) {
        IdentityHashMap<EndpointMeter, Reach> kept = new IdentityHashMap<>();
        for (PoolPlan pool : pools) {
            for (EndpointPlan endpoint : pool.endpoints()) {
                Reach known = endpoints.get(endpoint.meter());
                kept.put(endpoint.meter(), known == null ? new Reach() : known);
            }
        }
        endpoints.clear();
        endpoints.putAll(kept);
    }

    /**
     * Whether an endpoint is in service, has an address, is healthy as far as is known, and took the last connection that
     * was tried.
     */
    boolean isUsable(PoolPlan pool, long nowNanos) {
        if (pool.usableEndpoints(nowNanos) == 0) {
            return false;
        }
        return pool.endpoints().stream().anyMatch(endpoint -> isUsable(endpoint, nowNanos));
    }

    /** The same of one endpoint. */
    boolean isUsable(EndpointPlan endpoint, long nowNanos) {
        Reach known = endpoints.get(endpoint.meter());
        boolean reachable = known == null || !known.unreachable;
        return reachable && endpoint.isInService() && !isKnownBad(endpoint, nowNanos);
    }

    private static boolean isKnownBad(EndpointPlan endpoint, long nowNanos) {
        HealthState state = endpoint.health().state();
        return !state.isHealthy(nowNanos) && !state.isPending(nowNanos);
    }
}
