package io.turnout.adminapi;

import java.util.List;

/**
 * What the mirrors of a route found.
 *
 * @param mirrors in the order of the configuration; empty for a route without
 */
public record RouteDifferences(String route, List<MirrorDifferences> mirrors) {
    public RouteDifferences {
        mirrors = List.copyOf(mirrors);
    }
}
