package io.turnout.control;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Turns a host name into addresses. May block for long; called on threads of its own. */
@FunctionalInterface
public interface NameLookup {
    /** The platform's: hosts file, then DNS. */
    NameLookup SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /** All addresses of the name, at least one. */
    List<InetAddress> lookup(String host) throws UnknownHostException;
}
