package io.turnout.admin.live;

import io.turnout.adminapi.ConfigStatus;
import io.turnout.adminapi.EndpointStatus;
import io.turnout.adminapi.OverrideStatus;
import io.turnout.adminapi.PoolStatus;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a status is worth an event when it changes: all but counters, what follows from them, and time that passes.
 * Immutable.
 */
record StatusShape(long generation, ConfigStatus config, List<Route> routes, List<Pool> pools) {
    /** What of a route matters. */
    record Route(
            String name,
            Map<String, Integer> weights,
            Map<String, Integer> desired,
            @Nullable Instant overriddenAt,
            boolean drift,
            String guard,
            List<String> guards,
            @Nullable String phase,
            int step) {}

    /** What of a pool matters. */
    record Pool(String name, List<Endpoint> endpoints) {}

    /** What of an endpoint matters. */
    record Endpoint(String address, @Nullable String resolved, String admin) {}

    static StatusShape of(Status status) {
        return new StatusShape(
                status.generation(),
                status.config(),
                status.routes().stream().map(StatusShape::route).toList(),
                status.pools().stream().map(StatusShape::pool).toList());
    }

    private static Route route(RouteStatus route) {
        OverrideStatus override = route.override();
        return new Route(
                route.name(),
                route.weights(),
                route.desiredWeights(),
                override == null ? null : override.time(),
                override != null && override.drift(),
                route.guard().state(),
                route.guard().variants().stream()
                        .map(variant -> variant.pool() + " " + variant.state())
                        .toList(),
                route.rollout() == null ? null : route.rollout().phase(),
                route.rollout() == null ? 0 : route.rollout().step());
    }

    private static Pool pool(PoolStatus pool) {
        return new Pool(
                pool.name(),
                pool.endpoints().stream().map(StatusShape::endpoint).toList());
    }

    private static Endpoint endpoint(EndpointStatus endpoint) {
        return new Endpoint(endpoint.address(), endpoint.resolved(), endpoint.admin());
    }
}
