package io.turnout.control;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host name and where it was found to lead.
 *
 * <p>Asked for by the control thread, answered by one lookup thread at a time; what both touch is volatile.
 */
final class ResolvedName {
    private static final Logger LOG = LoggerFactory.getLogger(ResolvedName.class);

    /** IPv4 first, then by octets: which address is taken must not depend on the order of an answer. */
    private static final Comparator<InetAddress> PREFERENCE = Comparator.comparing(
                    (InetAddress address) -> !(address instanceof Inet4Address))
            .thenComparing(InetAddress::getAddress, java.util.Arrays::compareUnsigned);

    private final String host;
    private final CompletableFuture<Void> firstLookup = new CompletableFuture<>();
    private long askedNanos;
    private volatile boolean all;
    private volatile boolean asked;
    private volatile boolean failing;
    private volatile List<InetAddress> addresses = List.of();
    private volatile @Nullable InetAddress chosen;

    ResolvedName(String host) {
        this.host = host;
    }

    /** Done after the first lookup, in vain or not. */
    CompletableFuture<Void> firstLookup() {
        return firstLookup;
    }

    /** All addresses found last, in order of preference; empty before the first. */
    List<InetAddress> addresses() {
        return addresses;
    }

    /** Every address counts from now on, not only the one that is chosen. */
    void followAll() {
        all = true;
    }

    /** The address that is used, or null before the first was found. */
    @Nullable
    InetAddress chosen() {
        return chosen;
    }

    /** Whether it is time to look it up again; not while a lookup runs. */
    boolean isDue(long nowNanos) {
        long waitNanos = (failing ? AddressBook.RETRY : all ? AddressBook.REFRESH_ALL : AddressBook.REFRESH).toNanos();
        return !asked && nowNanos - askedNanos >= waitNanos;
    }

    /** A lookup begins. On the control thread. */
    void onAsked(long nowNanos) {
        asked = true;
        askedNanos = nowNanos;
    }

    /** Looks the name up; whether another address, or other ones, are to be used from now on. On a lookup thread. */
    boolean onAnswer(NameLookup lookup) {
        InetAddress before = chosen;
        List<InetAddress> allBefore = addresses;
        try {
            List<InetAddress> found =
                    lookup.lookup(host).stream().sorted(PREFERENCE).distinct().toList();
            if (found.isEmpty()) {
                onFailure("no address");
            } else {
                onFound(found);
            }
        } catch (UnknownHostException e) {
            onFailure("unknown host");
        } catch (RuntimeException e) {
            onFailure(e.toString());
        } finally {
            asked = false;
            firstLookup.complete(null);
        }
        InetAddress after = chosen;
        return (after != null && !after.equals(before)) || (all && !addresses.equals(allBefore));
    }

    /** An address that is in use and still answered for stays: answers come in any order. */
    private void onFound(List<InetAddress> found) {
        InetAddress current = chosen;
        addresses = found;
        if (current == null || !found.contains(current)) {
            chosen = found.get(0);
            LOG.info("{} leads to {}", host, found.get(0).getHostAddress());
        } else if (failing) {
            LOG.info("{} is found again, and still leads to {}", host, current.getHostAddress());
        }
        failing = false;
    }

    private void onFailure(String why) {
        if (!failing) {
            InetAddress kept = chosen;
            LOG.warn(
                    "{} cannot be resolved ({}); {}",
                    host,
                    why,
                    kept == null ? "it has no address yet" : "still using " + kept.getHostAddress());
        }
        failing = true;
    }
}
