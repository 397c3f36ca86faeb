package io.turnout.routing;

/**
 * Sends every request that meets its conditions to one pool, before keys and weights are asked. Immutable.
 *
 * @param pool need not be a variant of the route's split
 */
public record Rule(String name, Conditions when, PoolRef pool) {}
