package io.turnout.adminapi;

import java.util.List;

/**
 * A pool and its members.
 *
 * @param usable members that may be asked now
 * @param endpoints in file order
 */
public record PoolStatus(String name, int usable, List<EndpointStatus> endpoints) {
    public PoolStatus {
        endpoints = List.copyOf(endpoints);
    }
}
