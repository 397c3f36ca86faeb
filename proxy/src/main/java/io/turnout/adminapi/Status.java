package io.turnout.adminapi;

import java.time.Instant;
import java.util.List;

/**
 * Everything at a glance.
 *
 * @param generation number of the routing world in force; the entity tag of the API
 * @param startedAt when this process began to serve
 * @param routes in file order
 * @param listeners in file order
 * @param pools in file order
 * @param shedding what is shed because of the load: {@code nothing}, {@code keepAlive}, {@code connections} or {@code
 *     requests}, each with those before it
 * @param tls certificates of listeners and pools, by owner
 */
public record Status(
        long generation,
        Instant startedAt,
        ConfigStatus config,
        List<RouteStatus> routes,
        List<ListenerStatus> listeners,
        List<PoolStatus> pools,
        String shedding,
        List<TlsStatus> tls) {
    /** {@link #shedding} while there is no need. */
    public static final String NOTHING_SHED = "nothing";

    public Status {
        routes = List.copyOf(routes);
        listeners = List.copyOf(listeners);
        pools = List.copyOf(pools);
        tls = List.copyOf(tls);
    }
}
