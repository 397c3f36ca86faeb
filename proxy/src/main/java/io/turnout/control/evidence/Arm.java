package io.turnout.control.evidence;

import io.turnout.snapshot.EndpointPlan;
import io.turnout.telemetry.VariantSeries;
import java.util.List;

/**
 * Where to read about one variant of a route. Immutable but for the meters, which count on.
 *
 * @param series what became of the route's requests to the pool
 * @param endpoints the pool's
 */
public record Arm(VariantSeries series, List<EndpointPlan> endpoints) {
    public Arm {
        endpoints = List.copyOf(endpoints);
    }
}
