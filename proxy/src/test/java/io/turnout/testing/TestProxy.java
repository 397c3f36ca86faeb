package io.turnout.testing;

import io.turnout.compare.DifferenceReport;
import io.turnout.config.ConfigReader;
import io.turnout.config.ConfigResult;
import io.turnout.config.HostPort;
import io.turnout.config.TurnoutConfig;
import io.turnout.listener.BindException;
import io.turnout.listener.DataPlane;
import io.turnout.listener.Transport;
import io.turnout.model.Ticker;
import io.turnout.routing.VisitorMint;
import io.turnout.shadow.Comparisons;
import io.turnout.snapshot.Overlay;
import io.turnout.snapshot.Overlay.EndpointId;
import io.turnout.snapshot.PoolPlan;
import io.turnout.snapshot.Snapshot;
import io.turnout.snapshot.SnapshotCompiler;
import io.turnout.snapshot.SnapshotRef;
import io.turnout.telemetry.AccessRecord;
import io.turnout.telemetry.LoopMeter;
import io.turnout.telemetry.MirrorMeter;
import io.turnout.telemetry.VariantSeries;
import io.turnout.telemetry.VariantTotals;
import io.turnout.tls.TlsProvider;
import io.turnout.tls.TlsStore;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A data plane in this process, configured by YAML whose listeners use port 0, without control plane or journal. */
public final class TestProxy implements AutoCloseable {
    private final SnapshotCompiler compiler;
    private final SnapshotRef published;
    private final DataPlane plane;
    private final List<LoopMeter> meters = new ArrayList<>();
    private final Comparisons comparisons = new Comparisons();
    private final Queue<AccessRecord> accessRecords = new ConcurrentLinkedQueue<>();
    private final TlsStore tls;
    private TurnoutConfig config;
    private Overlay overlay = Overlay.NONE;
    private long generation = 1;

    private TestProxy(String yaml, int loops, Transport.Wish wish, TlsProvider provider, Ticker ticker) {
        config = read(yaml);
        tls = new TlsStore(() -> provider, InstantSource.system());
        compiler = new SnapshotCompiler(loops, tls);
        SnapshotCompiler.Candidate first = compiler.compile(config, overlay, TestProxy::address, generation);
        first.commit(System.nanoTime());
        published = new SnapshotRef(first.snapshot());
        for (int i = 0; i < loops; i++) {
            meters.add(new LoopMeter());
        }
        plane = DataPlane.start(
                Transport.choose(wish),
                published,
                meters,
                new VisitorMint(new byte[VisitorMint.SECRET_BYTES], 10),
                accessRecords::add,
                comparisons,
                ticker);
        follow(first.snapshot());
    }

    /** A proxy of two loops on the transport that is chosen by default. */
    public static TestProxy start(String yaml) {
        return new TestProxy(yaml, 2, Transport.Wish.AUTO, TlsProvider.best(), Ticker.SYSTEM);
    }

    /** A proxy of so many loops on a transport of the caller's choice. */
    public static TestProxy start(String yaml, int loops, Transport.Wish wish) {
        return new TestProxy(yaml, loops, wish, TlsProvider.best(), Ticker.SYSTEM);
    }

    /** A proxy with the cryptography of the caller's choice. */
    public static TestProxy start(String yaml, TlsProvider provider) {
        return new TestProxy(yaml, 2, Transport.Wish.AUTO, provider, Ticker.SYSTEM);
    }

    /** A proxy of one loop whose deadlines are never due: its clock stands still. */
    public static TestProxy startWithoutTime(String yaml) {
        long now = System.nanoTime();
        return start(yaml, () -> now);
    }

    /** A proxy of one loop that goes by this clock. */
    public static TestProxy start(String yaml, Ticker ticker) {
        return new TestProxy(yaml, 1, Transport.Wish.AUTO, TlsProvider.best(), ticker);
    }

    /** YAML for one catch-all route with these weights, for example {@code blue: 90, green: 10}. */
    public static String split(String weights, String pools) {
        return "listeners: [{name: web, address: 127.0.0.1:0}]\npools: {" + pools + "}\nroutes:\n"
                + "  - {name: all, split: {" + weights + "}}\n";
    }

    /** YAML for everything to one backend. */
    public static String to(int port) {
        return split("only: 1", "only: [127.0.0.1:" + port + "]");
    }

    private static TurnoutConfig read(String yaml) {
        ConfigResult result = ConfigReader.read("test.yaml", yaml, name -> null, null);
        if (result instanceof ConfigResult.Valid valid) {
            Wire wire = Wire.current();
            return wire == null ? valid.config() : wire.dressed(valid.config());
        }
        throw new IllegalArgumentException(result.problems().toString());
    }

    private static InetSocketAddress address(HostPort address) {
        return new InetSocketAddress(address.host(), address.port());
    }

    private void follow(Snapshot snapshot) {
        try {
            plane.follow(snapshot.listeners());
        } catch (BindException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where the listener {@code web} is. */
    public InetSocketAddress address() {
        return plane.address("web");
    }

    /** Port of the listener {@code web}. */
    public int port() {
        return address().getPort();
    }

    /** Puts another configuration in force. */
    public void reload(String yaml) {
        config = read(yaml);
        publish();
    }

    /** Puts other weights in force on a route. */
    public void weigh(String route, Map<String, Integer> weights) {
        overlay = new Overlay(Map.of(route, weights), overlay.drained(), overlay.drainedListeners(), Set.of());
        publish();
    }

    private void publish() {
        SnapshotCompiler.Candidate next = compiler.compile(config, overlay, TestProxy::address, ++generation);
        next.commit(System.nanoTime());
        published.publish(next.snapshot());
        follow(next.snapshot());
    }

    /** Takes an endpoint out, or a whole pool where the address is {@code *}. */
    public void drain(String pool, String address) {
        Set<EndpointId> drained = new HashSet<>(overlay.drained());
        drained.add(new EndpointId(pool, address));
        overlay = new Overlay(overlay.weights(), drained, overlay.drainedListeners(), Set.of());
        publish();
    }

    /** Takes back what {@link #drain} took out. */
    public void resume(String pool, String address) {
        Set<EndpointId> drained = new HashSet<>(overlay.drained());
        drained.remove(new EndpointId(pool, address));
        overlay = new Overlay(overlay.weights(), drained, overlay.drainedListeners(), Set.of());
        publish();
    }

    /** Closes these listeners, and opens all others. */
    public void drainListeners(Set<String> names) {
        overlay = new Overlay(overlay.weights(), overlay.drained(), names, Set.of());
        publish();
    }

    /** A pool of the snapshot in force. */
    public PoolPlan pool(String name) {
        return published.current().pools().stream()
                .filter(pool -> pool.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Counts of one route and pool. */
    public VariantTotals totals(String route, String pool) {
        for (VariantSeries series : compiler.series()) {
            if (series.route().equals(route) && series.pool().equals(pool)) {
                return series.totals();
            }
        }
        throw new IllegalArgumentException("no series " + route + "/" + pool);
    }

    /** Counts of a mirror's leg, {@code shadow} or {@code control}. */
    public MirrorMeter mirror(String route, String pool, String leg) {
        for (MirrorMeter meter : compiler.mirrors()) {
            if (meter.route().equals(route)
                    && meter.pool().equals(pool)
                    && meter.leg().equals(leg)) {
                return meter;
            }
        }
        throw new IllegalArgumentException("no mirror " + route + "/" + pool + " " + leg);
    }

    /** What was found out about a mirror. */
    public DifferenceReport differences(String route, String pool) {
        return comparisons.report(route, pool);
    }

    /** Sum over the loops of something that belongs to no route. */
    public long counted(LoopMeter.Count count) {
        return meters.stream().mapToLong(meter -> meter.read(count)).sum();
    }

    /** The same for each loop. */
    public List<Long> countedByLoop(LoopMeter.Count count) {
        return meters.stream().map(meter -> meter.read(count)).toList();
    }

    /** What the access log was offered, when the configuration turns it on. */
    public List<AccessRecord> accessRecords() {
        return List.copyOf(accessRecords);
    }

    /** What is made of certificate files. */
    public TlsStore tls() {
        return tls;
    }

    /** The data plane itself. */
    public DataPlane plane() {
        return plane;
    }

    @Override
    public void close() {
        plane.close();
        tls.close();
        comparisons.close();
    }
}
