package io.turnout.config;

import io.turnout.config.shape.Reading;
import java.util.ArrayList;
import java.util.List;

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
        var earlier = new ArrayList<Reading.Fact<Bound>>();
        for (Reading.Fact<Bound> one : bound) {
            earlier.stream()
                    .filter(other -> overlap(one.value().address, other.value().address))
                    .findFirst()
                    .ifPresent(other -> reading.error(
                            one.at(),
                            one.value().address + ", which " + other.value().address + " at "
                                    + other.at().place() + " takes already",
                            "an address of its own"));
            earlier.add(one);
        }
    }

    /** A wildcard takes the port on every interface; port 0 is never the same twice. */
    private static boolean overlap(HostPort a, HostPort b) {
        boolean meet = a.host().equals(b.host()) || a.isWildcard() || b.isWildcard();
        return a.port() != 0 && a.port() == b.port() && meet;
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
