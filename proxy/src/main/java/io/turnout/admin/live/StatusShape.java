package io.turnout.admin.live;

import io.turnout.adminapi.ConfigStatus;
import io.turnout.adminapi.EndpointStatus;
import io.turnout.adminapi.OverrideStatus;
import io.turnout.adminapi.PoolStatus;
import io.turnout.adminapi.RolloutStatus;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.Status;
import io.turnout.adminapi.TlsStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a status is worth an event when it changes: all but counters, what follows from them, and time that passes.
 * Immutable.
 */
record StatusShape(
        long generation,
        ConfigStatus config,
        List<Route> routes,
        List<Pool> pools,
        String shedding,
        List<TlsStatus> tls) {
    /** What of a route matters. */
    record Route(
            String name,
            Map<String, Integer> weights,
            Map<String, Integer> desired,
            @Nullable Instant overriddenAt,
            boolean drift,
            String guard,
            List<String> guards,
            @Nullable Rollout rollout) {}

    /** What of a rollout matters: {@code allowed} for the buttons that are offered. */
    record Rollout(String phase, int step, @Nullable String waitingFor, List<String> allowed) {}

    /** What of a pool matters. */
    record Pool(String name, List<Endpoint> endpoints) {}

    /** What of an endpoint matters. */
    record Endpoint(String address, @Nullable String resolved, String admin, String health, Instant healthSince) {}

    static StatusShape of(Status status) {
        return new StatusShape(
                status.generation(),
                status.config(),
                status.routes().stream().map(StatusShape::route).toList(),
                status.pools().stream().map(StatusShape::pool).toList(),
                status.shedding(),
                status.tls());
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
                route.rollout() == null ? null : rollout(route.rollout()));
    }

    private static Rollout rollout(RolloutStatus rollout) {
        return new Rollout(rollout.phase(), rollout.step(), rollout.waitingFor(), rollout.allowed());
    }

    private static Pool pool(PoolStatus pool) {
        return new Pool(
                pool.name(),
                pool.endpoints().stream().map(StatusShape::endpoint).toList());
    }

    private static Endpoint endpoint(EndpointStatus endpoint) {
        EndpointStatus.Health health = endpoint.health();
        return new Endpoint(endpoint.address(), endpoint.resolved(), endpoint.admin(), health.state(), health.since());
    }
}
