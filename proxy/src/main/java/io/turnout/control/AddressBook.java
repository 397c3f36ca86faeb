package io.turnout.control;

import io.netty.util.NetUtil;
import io.turnout.config.EndpointConfig;
import io.turnout.config.HostPort;
import io.turnout.config.ListenerConfig;
import io.turnout.config.TurnoutConfig;
import io.turnout.snapshot.Addresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Knows where names lead. Confined to the control thread; lookups run on threads of their own and leave their results in
 * a {@link ResolvedName}.
 *
 * <p>IP addresses lead where they say at once. Names are looked up when they appear, again every {@link #REFRESH} or {@link
 * #REFRESH_ALL}, and every {@link #RETRY} while a lookup fails; what was found last stays until something else is found.
 */
final class AddressBook implements Addresses, Routine, AutoCloseable {
    /** How long a configuration waits for names it is the first to use. */
    static final Duration FIRST_WAIT = Duration.ofSeconds(2);

    /** How often a name is looked up. */
    static final Duration REFRESH = Duration.ofSeconds(30);

    /** How often a name is looked up that stands for all its addresses. */
    static final Duration REFRESH_ALL = Duration.ofSeconds(5);

    /** How soon a lookup that failed is tried again. */
    static final Duration RETRY = Duration.ofSeconds(1);

    /** A name server that does not answer must not keep other names from being found. */
    private static final int THREADS = 4;

    private final NameLookup lookup;
    private final Map<String, ResolvedName> names = new HashMap<>();
    private final AtomicBoolean moved = new AtomicBoolean();
    private final ThreadPoolExecutor resolvers;

    AddressBook(NameLookup lookup) {
        this.lookup = lookup;
        AtomicInteger number = new AtomicInteger();
        resolvers = new ThreadPoolExecutor(
                THREADS, THREADS, REFRESH.toSeconds() * 2, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "resolver-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        resolvers.allowCoreThreadTimeOut(true);
    }

    /**
     * Begins to look up the names of a configuration that are not known yet.
     *
     * @return is done when each has been looked up once, in vain or not, or {@link #FIRST_WAIT} is over; never fails
     */
    CompletableFuture<Void> prepare(TurnoutConfig config, long nowNanos) {
        Set<String> followed = followed(config);
        CompletableFuture<?>[] first = hosts(config).stream()
                .map(host -> known(host, followed.contains(host), nowNanos).firstLookup())
                .filter(lookedUp -> !lookedUp.isDone())
                .toArray(CompletableFuture<?>[]::new);
        return first.length == 0
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.allOf(first).completeOnTimeout(null, FIRST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private ResolvedName known(String host, boolean followed, long nowNanos) {
        ResolvedName known = names.get(host);
        if (known == null) {
            known = new ResolvedName(host);
            names.put(host, known);
            look(known, nowNanos);
        }
        if (followed) {
            known.followAll();
        }
        return known;
    }

    /** Names that stand for all their addresses. */
    private static Set<String> followed(TurnoutConfig config) {
        Set<String> hosts = new HashSet<>();
        config.pools().values().stream()
                .flatMap(pool -> pool.endpoints().stream())
                .filter(EndpointConfig::dns)
                .forEach(endpoint -> hosts.add(endpoint.address().host()));
        return hosts;
    }

    /** Forgets the names that this configuration does not use. */
    void retain(TurnoutConfig config) {
        names.keySet().retainAll(hosts(config));
    }

    private static Set<String> hosts(TurnoutConfig config) {
        Stream<HostPort> endpoints = config.pools().values().stream()
                .flatMap(pool -> pool.endpoints().stream())
                .map(EndpointConfig::address);
        Stream<HostPort> listeners = config.listeners().stream().map(ListenerConfig::address);
        Set<String> hosts = new HashSet<>();
        Stream.concat(endpoints, listeners)
                .filter(address -> !address.isLiteral())
                .forEach(address -> hosts.add(address.host()));
        return hosts;
    }

    @Override
    public InetSocketAddress of(HostPort address) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(address.host());
        if (literal != null) {
            return new InetSocketAddress(ofOctets(literal), address.port());
        }
        ResolvedName name = names.get(address.host());
        InetAddress resolved = name == null ? null : name.chosen();
        return resolved == null
                ? InetSocketAddress.createUnresolved(address.host(), address.port())
                : new InetSocketAddress(resolved, address.port());
    }

    @Override
    public List<InetSocketAddress> all(HostPort address) {
        ResolvedName name = names.get(address.host());
        return name == null
                ? Addresses.super.all(address)
                : name.addresses().stream()
                        .map(found -> new InetSocketAddress(found, address.port()))
                        .toList();
    }

    private static InetAddress ofOctets(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 octets are an address", e);
        }
    }

    /** Looks up what is due, and asks for a new world when a name has moved. */
    @Override
    public List<Command> onTick(long nowNanos) {
        names.values().stream().filter(name -> name.isDue(nowNanos)).forEach(name -> look(name, nowNanos));
        return moved.getAndSet(false) ? List.of(new Command.FollowAddresses()) : List.of();
    }

    private void look(ResolvedName name, long nowNanos) {
        name.onAsked(nowNanos);
        resolvers.execute(() -> {
            if (name.onAnswer(lookup)) {
                moved.set(true);
            }
        });
    }

    /** Lets go of the threads; lookups in progress end unheard. */
    @Override
    public void close() {
        resolvers.shutdownNow();
    }
}
