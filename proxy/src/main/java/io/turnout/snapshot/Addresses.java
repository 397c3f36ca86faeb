package io.turnout.snapshot;

import io.turnout.config.HostPort;
import java.net.InetSocketAddress;
import java.util.List;

/** Knows where a configured address leads, without looking anything up. */
@FunctionalInterface
public interface Addresses {
    /** The socket address, unresolved when the name has not been resolved (yet). */
    InetSocketAddress of(HostPort address);

    /** Everything the name leads to, in a fixed order; empty when it has not been resolved (yet). */
    default List<InetSocketAddress> all(HostPort address) {
        InetSocketAddress one = of(address);
        return one.isUnresolved() ? List.of() : List.of(one);
    }
}
