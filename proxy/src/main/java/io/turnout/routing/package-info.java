/**
 * From a request head to a route, a rule and a variant. Pure: no channel, no clock, no randomness, no logger; time and
 * the state of the draw are arguments.
 *
 * <p>Start at {@link io.turnout.routing.RouteTable}: it finds the route and decides. {@link io.turnout.routing.Draws} is
 * the only mutable thing, and belongs to one event loop. The behaviour is described in {@code docs/routing.md}.
 */
@NullMarked
package io.turnout.routing;

import org.jspecify.annotations.NullMarked;
