package io.turnout.snapshot;

import io.turnout.config.HostPort;
import java.net.InetSocketAddress;

/** Knows where a configured address leads, without looking anything up. */
@FunctionalInterface
public interface Addresses {
    /** The socket address, unresolved when the name has not been resolved (yet). */
    InetSocketAddress of(HostPort address);
}
