package io.turnout.control;

import io.turnout.config.EndpointConfig;
import io.turnout.config.PoolConfig;
import io.turnout.config.RouteConfig;
import io.turnout.config.SplitConfig.OnConflict;
import io.turnout.config.TurnoutConfig;
import io.turnout.control.state.Change;
import io.turnout.control.state.RouteOverride;
import io.turnout.control.state.RunState;
import io.turnout.snapshot.Overlay.EndpointId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of run-time decisions when the file changes, and at a start, when it may have changed meanwhile. Stateless
 * and pure.
 */
final class OverrideRules {
    private OverrideRules() {}

    /** What of the state ends because this configuration does not go with it. */
    static List<Effect> endings(RunState state, TurnoutConfig config) {
        List<Effect> endings = new ArrayList<>();
        state.overrides().forEach((name, override) -> {
            Optional<RouteConfig> route = config.routes().stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst();
            String why = route.isPresent() ? conflict(override, route.get()) : "the file no longer has the route";
            if (why != null) {
                endings.add(ending(
                        name,
                        override,
                        route.map(found -> found.split().weights()).orElse(null),
                        why));
            }
        });
        state.drained().stream()
                .filter(endpoint -> !isConfigured(endpoint, config))
                .map(OverrideRules::resumption)
                .forEach(endings::add);
        state.drainedListeners().stream()
                .filter(name -> config.listeners().stream()
                        .noneMatch(listener -> listener.name().equals(name)))
                .map(OverrideRules::reopening)
                .forEach(endings::add);
        return endings;
    }

    /** What of the state ends because its time is over. */
    static List<Effect> expiries(RunState state, TurnoutConfig config, Instant now) {
        List<Effect> expiries = new ArrayList<>();
        for (RouteConfig route : config.routes()) {
            RouteOverride override = state.overrides().get(route.name());
            if (override != null && override.isOver(now)) {
                expiries.add(ending(route.name(), override, route.split().weights(), "its time is over"));
            }
        }
        return expiries;
    }

    /** Whether the file has changed under an override that stays in force. */
    static boolean drifts(RouteOverride override, RouteConfig route) {
        return !override.laidOver().equals(route.split().weights());
    }

    /** The end of an override, as put in the audit. */
    static Effect ending(
            String route, RouteOverride override, @Nullable Map<String, Integer> desired, @Nullable String why) {
        return new Effect(
                new Change.OverrideEnded(route),
                "overrideEnded",
                "route " + route,
                Words.weights(override.weights()),
                desired == null ? null : Words.weights(desired),
                why);
    }

    private static @Nullable String conflict(RouteOverride override, RouteConfig route) {
        Map<String, Integer> desired = route.split().weights();
        for (String pool : override.weights().keySet()) {
            if (!desired.containsKey(pool)) {
                return "the file took pool " + pool + " out of the split";
            }
        }
        // A changed split is the word of somebody who knows of the revert, whoever wins otherwise.
        boolean fileWins =
                override.kind() == RouteOverride.Kind.REVERT || route.split().onConflict() == OnConflict.FILE;
        return drifts(override, route) && fileWins ? "the file changed the split" : null;
    }

    /** One of several addresses of a name counts as configured as long as its pool has such names. */
    private static boolean isConfigured(EndpointId endpoint, TurnoutConfig config) {
        PoolConfig pool = config.pools().get(endpoint.pool());
        return pool != null
                && (endpoint.address().equals(EndpointId.ALL)
                        || pool.endpoints().stream().anyMatch(EndpointConfig::dns)
                        || pool.endpoints().stream()
                                .anyMatch(member -> member.toString().equals(endpoint.address())));
    }

    private static Effect resumption(EndpointId endpoint) {
        return new Effect(
                new Change.EndpointResumed(endpoint.pool(), endpoint.address()),
                "drainEnded",
                "endpoint " + endpoint.address() + " of pool " + endpoint.pool(),
                "drained",
                null,
                "the file no longer has the endpoint");
    }

    private static Effect reopening(String listener) {
        return new Effect(
                new Change.ListenerResumed(listener),
                "drainEnded",
                "listener " + listener,
                "drained",
                null,
                "the file no longer has the listener");
    }
}
