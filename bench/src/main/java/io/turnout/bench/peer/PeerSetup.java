package io.turnout.bench.peer;

import java.nio.file.Path;
import java.util.List;

/**
 * What a proxy is asked to do. Immutable.
 *
 * @param folder for its files, its own
 * @param port where it listens, on the loopback interface
 * @param adminPort for its own administration, if it has one
 * @param pools where requests go, by weight; the first is the stable one
 * @param watch whether the split is also watched by what the proxy has for that
 * @param java how the Java of a JVM peer is started
 */
public record PeerSetup(Path folder, int port, int adminPort, List<Pool> pools, Watch watch, JavaStart java) {
    /** A pool of one backend on the loopback interface. */
    public record Pool(String name, int port, int weight) {}

    /** Whether a guard judges the split. */
    public enum Watch {
        OFF,
        GUARD
    }

    public PeerSetup {
        pools = List.copyOf(pools);
        if (pools.isEmpty() || pools.size() > 2) {
            throw new IllegalArgumentException("found " + pools.size() + " pools, expected 1 or 2");
        }
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

    /** The same with other weights. */
    public PeerSetup weighed(int stable, int canary) {
        if (!isSplit()) {
            throw new IllegalStateException("there is no split to weigh");
        }
        Pool first = pools.get(0);
        Pool second = pools.get(1);
        return new PeerSetup(
                folder,
                port,
                adminPort,
                List.of(new Pool(first.name, first.port, stable), new Pool(second.name, second.port, canary)),
                watch,
                java);
    }
}
