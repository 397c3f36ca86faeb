package io.turnout.snapshot;

import io.turnout.routing.RouteTable;
import io.turnout.telemetry.AccessSettings;
import java.util.List;

/**
 * The routing world from one publish to the next: what an exchange pins when it begins and lives in to its end.
 *
 * <p>Deeply immutable; the meters hanging on it are counters, not state anybody decides by.
 *
 * @param generation counts publishes, from 1
 * @param table finds the route and picks the variant
 * @param routes by index of the route in the table
 * @param pools by id
 * @param accessLog whether and how exchanges leave access records
 * @param overload when each event loop sheds load
 */
public record Snapshot(
        long generation,
        RouteTable table,
        List<RoutePlan> routes,
        List<PoolPlan> pools,
        List<ListenerPlan> listeners,
        AccessSettings accessLog,
        OverloadPlan overload) {
    public Snapshot {
        routes = List.copyOf(routes);
        pools = List.copyOf(pools);
        listeners = List.copyOf(listeners);
    }
}
