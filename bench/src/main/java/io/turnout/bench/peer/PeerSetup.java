package io.turnout.bench.peer;

import io.turnout.bench.wire.Dialect;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy is asked to do. Immutable.
 *
 * @param folder for its files, its own
 * @param ports where it listens, on the loopback interface
 * @param pools where requests go, by weight; the first is the stable one
 * @param shadow where a copy of each request goes, or null for none; Turnout only
 * @param watch whether the split is also watched by what the proxy has for that
 * @param link what is spoken
 * @param java how the Java of a JVM peer is started
 */
public record PeerSetup(
        Path folder,
        Ports ports,
        List<Pool> pools,
        @Nullable Pool shadow,
        Watch watch,
        Link link,
        JavaStart java) {
    /**
     * Where a proxy listens.
     *
     * @param plain for HTTP/1.1 in plain text, always: it shows that the proxy is up
     * @param front for what else is spoken with clients
     * @param admin for its own administration, if it has one
     */
    public record Ports(int plain, int front, int admin) {
        /** How many these are. */
        public static final int COUNT = 3;

        /** Ports in a row. */
        public static Ports from(int first) {
            return new Ports(first, first + 1, first + 2);
        }
    }

    /** A pool of one backend on the loopback interface. */
    public record Pool(String name, int port, int weight) {}

    /** Whether a guard judges the split. */
    public enum Watch {
        OFF,
        GUARD
    }

    /** One that copies nothing. */
    public PeerSetup(Path folder, Ports ports, List<Pool> pools, Watch watch, Link link, JavaStart java) {
        this(folder, ports, pools, null, watch, link, java);
    }

    public PeerSetup {
        pools = List.copyOf(pools);
        if (pools.isEmpty() || pools.size() > 2) {
            throw new IllegalArgumentException("found " + pools.size() + " pools, expected 1 or 2");
        }
    }

    /** Where the load goes. */
    public int target() {
        return hasFront() ? ports.front() : ports.plain();
    }

    /** Whether something else than HTTP/1.1 in plain text is spoken with clients, at a port of its own. */
    boolean hasFront() {
        return link.down() != Dialect.H1;
    }

    /** Whether requests are shared between pools. */
    public boolean isSplit() {
        return pools.size() > 1;
    }

    /** The weight of the last pool in percent. */
    public int canaryPercent() {
        int sum = pools.stream().mapToInt(Pool::weight).sum();
        return Math.round(100f * pools.get(pools.size() - 1).weight() / sum);
    }

    /** The same with a copy of each request to a shadow. */
    public PeerSetup copiedTo(Pool other) {
        return new PeerSetup(folder, ports, pools, other, watch, link, java);
    }

    /** The same with other weights. */
    public PeerSetup weighed(int stable, int canary) {
        if (!isSplit()) {
            throw new IllegalStateException("there is no split to weigh");
        }
        Pool first = pools.get(0);
        Pool second = pools.get(1);
        return new PeerSetup(
                folder,
                ports,
                List.of(new Pool(first.name, first.port, stable), new Pool(second.name, second.port, canary)),
                shadow,
                watch,
                link,
                java);
    }
}
