package io.turnout.snapshot;

import io.turnout.telemetry.EndpointMeter;
import java.net.InetSocketAddress;

/**
 * One member of a pool. Immutable but for its meter's counters.
 *
 * @param name {@code host:port} as configured; its identity over reloads
 * @param address where to connect; unresolved when the name could not be resolved yet, which counts as unreachable
 * @param drained whether an operator has taken it out: requests in progress end, new ones go elsewhere
 * @param meter its counters, kept as long as the endpoint stays configured
 */
public record EndpointPlan(String name, InetSocketAddress address, boolean drained, EndpointMeter meter) {
    /** The host of its name, without brackets: what its certificate has to stand for. */
    public String host() {
        String host = name.substring(0, name.lastIndexOf(':'));
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
