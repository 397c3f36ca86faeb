package io.turnout.adminapi;

import java.util.List;

/**
 * A pool and its members.
 *
 * @param endpoints in file order
 */
public record PoolStatus(String name, List<EndpointStatus> endpoints) {
    public PoolStatus {
        endpoints = List.copyOf(endpoints);
    }
}
