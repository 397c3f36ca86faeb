package io.turnout.control;

import io.turnout.config.RouteConfig;
import io.turnout.control.state.RouteOverride;
import io.turnout.control.state.RunState;
import io.turnout.snapshot.Overlay.EndpointId;
import io.turnout.snapshot.PoolPlan;
import io.turnout.snapshot.Snapshot;
import io.turnout.telemetry.EndpointMeter;
import io.turnout.telemetry.MirrorMeter;
import io.turnout.telemetry.VariantSeries;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that is in force, as one value: what every view is made from. Immutable but for the meters, which count on.
 *
 * @param snapshot the same world as the data plane knows it
 */
record World(
        Desired desired,
        RunState state,
        Snapshot snapshot,
        List<VariantSeries> series,
        Map<EndpointId, EndpointMeter> endpoints,
        List<MirrorMeter> mirrors) {
    long generation() {
        return snapshot.generation();
    }

    /** The same world, wanted by another text of equal meaning. */
    World wantedBy(Desired other) {
        return new World(other, state, snapshot, series, endpoints, mirrors);
    }

    /** The same world with other notes on what is under way. */
    World with(RunState other) {
        return new World(desired, other, snapshot, series, endpoints, mirrors);
    }

    /** The pool of a name that the configuration uses. */
    PoolPlan pool(String name) {
        return snapshot.pools().stream()
                .filter(pool -> pool.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no pool " + name));
    }

    /** The weights in force on a route, in the order of its split. */
    Map<String, Integer> weights(RouteConfig route) {
        RouteOverride override = state.overrides().get(route.name());
        Map<String, Integer> weights = new LinkedHashMap<>(route.split().weights());
        if (override != null) {
            weights.replaceAll((pool, desired) -> override.weights().getOrDefault(pool, 0));
        }
        return weights;
    }
}
