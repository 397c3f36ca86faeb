package io.turnout.snapshot;

import java.util.Map;
import java.util.Set;

/**
 * What run-time decisions lay over the configuration. Immutable.
 *
 * @param weights by route, then by pool; a route without an entry keeps the configured weights. Only pools of the
 *     route's split may be named; the ones not named weigh 0
 * @param drained endpoints and whole pools taken out by an operator
 * @param drainedListeners by name; they do not listen
 * @param reverted routes whose rollout was reverted: its mirror sends no more copies
 */
public record Overlay(
        Map<String, Map<String, Integer>> weights,
        Set<EndpointId> drained,
        Set<String> drainedListeners,
        Set<String> reverted) {
    /** Nothing laid over. */
    public static final Overlay NONE = new Overlay(Map.of(), Set.of(), Set.of(), Set.of());

    public Overlay {
        weights = Map.copyOf(weights);
        drained = Set.copyOf(drained);
        drainedListeners = Set.copyOf(drainedListeners);
        reverted = Set.copyOf(reverted);
    }

    /** Whether an operator has taken out this endpoint, or its whole pool. */
    public boolean isDrained(String pool, String address) {
        return drained.contains(new EndpointId(pool, address)) || drained.contains(EndpointId.all(pool));
    }

    /**
     * An endpoint's identity.
     *
     * @param address {@code host:port} as configured, {@code ip:port} for one of several addresses of a name, or
     *     {@link #ALL}
     */
    public record EndpointId(String pool, String address) {
        /** Stands for every endpoint of a pool, those to come included. */
        public static final String ALL = "*";

        /** Every endpoint of a pool. */
        public static EndpointId all(String pool) {
            return new EndpointId(pool, ALL);
        }
    }
}
