package io.turnout.adminapi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What changes from second to second.
 *
 * @param routes in file order
 * @param endpoints by pool in file order, then by address
 */
public record LiveView(Map<String, Route> routes, Map<String, Map<String, Endpoint>> endpoints) {
    public LiveView {
        routes = Ordered.copy(routes);
        endpoints = Ordered.copy(endpoints);
    }

    /**
     * A route.
     *
     * @param rps requests per second, in the last second
     * @param variants in the order of the route's status
     * @param rollout null when none is configured
     */
    public record Route(
            double rps,
            Map<String, Variant> variants,
            Guard guard,
            @Nullable RolloutStatus rollout) {
        public Route {
            variants = Ordered.copy(variants);
        }
    }

    /**
     * A pool of a route.
     *
     * @param rps requests per second, in the last second
     * @param errorRate 0 to 1, of the requests that ended in the last ten seconds; 0 when none did
     * @param p50 and
     * @param p95 and
     * @param p99 in milliseconds, of the answers of the last ten seconds; null when there were none
     * @param share 0 to 1, of the route's requests in the last second, or in the last ten when there were few
     * @param inFlight requests running now
     */
    public record Variant(
            double rps,
            double errorRate,
            @Nullable Double p50,
            @Nullable Double p95,
            @Nullable Double p99,
            double share,
            long inFlight) {}

    /**
     * The guard of a route.
     *
     * @param state as in {@link GuardStatus}
     * @param variants those that are judged, by pool
     */
    public record Guard(String state, Map<String, Evidence> variants) {
        public Guard {
            variants = Ordered.copy(variants);
        }
    }

    /**
     * The evidence against a variant.
     *
     * @param odds so many to one against it being as good as tolerated; 1 is nothing
     * @param limit odds at which it is reverted
     * @param text the same in words, or what is missing
     */
    public record Evidence(double odds, double limit, String text) {}

    /**
     * A member of a pool.
     *
     * @param health what keeps it out of service, or that nothing does
     * @param inFlight attempts running now
     * @param rps attempts per second, in the last second
     */
    public record Endpoint(String health, long inFlight, double rps) {}
}
