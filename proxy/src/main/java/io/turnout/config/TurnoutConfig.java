package io.turnout.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The whole configuration, valid in itself: every default is filled in, every pool that is named exists, every unit is
 * resolved. Durations are {@link Duration}, sizes bytes, percentages parts per million.
 *
 * <p>Immutable.
 *
 * @param listeners at least one, in file order, with distinct names and addresses that can be bound side by side
 * @param pools by name, in file order, at least one
 * @param routes at least one, in file order, with distinct names
 * @param workers number of event loops, or {@link #ONE_WORKER_PER_CORE}
 * @param webhooks receivers of events, in file order, with distinct names
 */
public record TurnoutConfig(
        List<ListenerConfig> listeners,
        AdminConfig admin,
        Map<String, PoolConfig> pools,
        List<RouteConfig> routes,
        AccessLogConfig accessLog,
        StateConfig state,
        int workers,
        TransportKind transport,
        List<WebhookConfig> webhooks,
        OverloadConfig overload) {

    /** Value of {@link #workers()} that stands for one event loop per processor of the machine. */
    public static final int ONE_WORKER_PER_CORE = 0;

    public TurnoutConfig {
        listeners = List.copyOf(listeners);
        pools = Require.ordered(pools);
        routes = List.copyOf(routes);
        webhooks = List.copyOf(webhooks);
        Require.atLeast("number of listeners", listeners.size(), 1);
        Require.atLeast("number of pools", pools.size(), 1);
        Require.atLeast("number of routes", routes.size(), 1);
        Require.within("workers", workers, ONE_WORKER_PER_CORE, 1024);
    }

    /**
     * The pool of a name that this configuration uses.
     *
     * @throws IllegalArgumentException for a name that it does not know
     */
    public PoolConfig pool(String name) {
        PoolConfig pool = pools.get(name);
        if (pool == null) {
            throw new IllegalArgumentException("no pool " + name);
        }
        return pool;
    }
}
