package io.turnout.config;

import io.turnout.config.shape.Reading;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Addresses that cannot stand beside each other: bound twice, or dialled although it is our own admin API that answers. */
final class AddressConflicts {
    /** An address that this process will bind. */
    record Bound(By by, HostPort address) {
        enum By {
            LISTENER,
            ADMIN
        }
    }

    /** An address that this process will connect to on behalf of a request or an event. */
    record Dialled(HostPort address) {}

    private AddressConflicts() {}

    static void report(Reading reading) {
        List<Reading.Fact<Bound>> bound = reading.remembered(Bound.class);
        reportBoundTwice(bound, reading);
        for (Reading.Fact<Bound> one : bound) {
            if (one.value().by == Bound.By.ADMIN) {
                reportDialledAdmin(one.value().address, reading);
            }
        }
    }

    private static void reportBoundTwice(List<Reading.Fact<Bound>> bound, Reading reading) {
        Map<Integer, Port> ports = new HashMap<>();
        for (Reading.Fact<Bound> one : bound) {
            HostPort address = one.value().address;
            // Port 0 is chosen by the system, and never the same twice.
            Port port = address.port() == 0 ? new Port() : ports.computeIfAbsent(address.port(), p -> new Port());
            Reading.Fact<Bound> earlier = port.take(one);
            if (earlier != null) {
                String taker = earlier.value().address + " at " + earlier.at().place();
                reading.error(one.at(), address + ", which " + taker + " takes already", "an address of its own");
            }
        }
    }

    /** Who takes one port: each on its host, or one on all interfaces. */
    private static final class Port {
        private final Map<String, Reading.Fact<Bound>> byHost = new LinkedHashMap<>();
        private Reading.@Nullable Fact<Bound> onAll;

        /** Returns who has taken it before, or null. */
        Reading.@Nullable Fact<Bound> take(Reading.Fact<Bound> one) {
            HostPort address = one.value().address;
            Reading.Fact<Bound> earlier = onAll == null ? byHost.get(address.host()) : onAll;
            if (earlier == null && address.isWildcard() && !byHost.isEmpty()) {
                earlier = byHost.values().iterator().next();
            }
            byHost.putIfAbsent(address.host(), one);
            onAll = onAll == null && address.isWildcard() ? one : onAll;
            return earlier;
        }
    }

    /**
     * Through a route, anyone who reaches a listener would speak to the admin API from the loopback address; through a gate
     * or webhook, this process would.
     */
    private static void reportDialledAdmin(HostPort admin, Reading reading) {
        for (Reading.Fact<Dialled> dialled : reading.remembered(Dialled.class)) {
            if (reaches(dialled.value().address, admin)) {
                reading.error(
                        dialled.at(), "the admin address " + admin + " of this proxy", "an address of another service");
            }
        }
    }

    private static boolean reaches(HostPort dialled, HostPort admin) {
        boolean sameMachine =
                (dialled.isLoopback() || dialled.isWildcard()) && (admin.isLoopback() || admin.isWildcard());
        boolean meet = sameMachine || dialled.host().equals(admin.host());
        return admin.port() == dialled.port() && meet;
    }
}
