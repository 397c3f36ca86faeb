package io.turnout.adminapi;

import java.time.Instant;
import java.util.List;

/**
 * Everything at a glance.
 *
 * @param generation number of the routing world in force; the entity tag of the API
 * @param startedAt when this process began to serve
 * @param routes in file order
 * @param pools in file order
 */
public record Status(
        long generation, Instant startedAt, ConfigStatus config, List<RouteStatus> routes, List<PoolStatus> pools) {
    public Status {
        routes = List.copyOf(routes);
        pools = List.copyOf(pools);
    }
}
