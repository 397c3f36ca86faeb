package io.turnout.bench.peer;

import io.turnout.bench.machine.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The peers there are. Immutable. */
public final class Peers {
    private final List<Peer> all;

    /**
     * @param turnoutJar the product's runnable jar
     * @param jvmPeers where {@code bench/peers} is
     */
    public Peers(Path turnoutJar, Path jvmPeers) {
        all = List.of(
                new HaproxyPeer(),
                new NginxPeer(),
                new TurnoutPeer(turnoutJar, "turnout", "epoll", TurnoutPeer.Guarding.AS_ASKED),
                new TurnoutPeer(turnoutJar, "turnout-io_uring", "io_uring", TurnoutPeer.Guarding.AS_ASKED),
                new TurnoutPeer(turnoutJar, "turnout-unguarded", "epoll", TurnoutPeer.Guarding.NEVER),
                new JvmPeer(jvmPeers, "undertow", "UndertowProxy", "undertow-core"),
                new JvmPeer(jvmPeers, "vertx", "VertxProxy", "vertx-http-proxy"),
                new JvmPeer(jvmPeers, "spring", "peer.SpringProxy", "spring-cloud-gateway-server-webflux"));
    }

    /**
     * The peers of these names, in this order.
     *
     * @throws Refusal if there is none of a name
     */
    public List<Peer> named(List<String> names) throws Refusal {
        var found = new ArrayList<Peer>();
        for (String name : names) {
            found.add(all.stream()
                    .filter(peer -> peer.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new Refusal("found peer \"" + name + "\", expected one of "
                            + all.stream().map(Peer::name).collect(Collectors.joining(", ")))));
        }
        return List.copyOf(found);
    }
}
