package io.turnout.snapshot;

import io.turnout.config.AccessLogConfig;
import io.turnout.config.IpRange;
import io.turnout.config.ListenerConfig;
import io.turnout.config.OverloadConfig;
import io.turnout.config.RouteConfig;
import io.turnout.config.TurnoutConfig;
import io.turnout.http.EncodedSlashes;
import io.turnout.routing.PoolRef;
import io.turnout.routing.Route;
import io.turnout.routing.RouteTable;
import io.turnout.snapshot.Overlay.EndpointId;
import io.turnout.telemetry.AccessFormat;
import io.turnout.telemetry.AccessSettings;
import io.turnout.telemetry.EndpointMeter;
import io.turnout.telemetry.MirrorMeter;
import io.turnout.telemetry.VariantMeter;
import io.turnout.telemetry.VariantSeries;
import io.turnout.tls.TlsHandles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns configuration and overrides into a snapshot, and keeps the counters of what stays.
 *
 * <p>Confined to the control thread. Compiling changes nothing: only {@link Candidate#commit} makes a candidate's
 * counters the ones that are read, so a candidate can be thrown away.
 */
public final class SnapshotCompiler {
    private final int loops;
    private final TlsCompiler tls;
    private Map<SeriesKey, VariantSeries> series = Map.of();
    private final PoolCompiler pools;
    private Map<EndpointId, EndpointMeter> endpoints = Map.of();
    private Map<String, Map<String, Integer>> weightsInForce = Map.of();
    private Map<SeriesKey, VariantMeter> metersInForce = Map.of();
    private Map<MirrorCompiler.LegKey, MirrorMeter> mirrors = Map.of();

    /** A compiler for a data plane of so many loops. */
    public SnapshotCompiler(int loops, TlsHandles tls) {
        this.loops = loops;
        this.tls = new TlsCompiler(tls);
        pools = new PoolCompiler(loops, this.tls);
    }

    /** A compiler of worlds that are only looked at: they show no certificates. */
    public SnapshotCompiler(int loops) {
        this(loops, TlsHandles.UNLOADED);
    }

    private record SeriesKey(String route, String pool) {}

    /** Counters of every route and pool in force, in the order of the configuration. */
    public List<VariantSeries> series() {
        return List.copyOf(series.values());
    }

    /** Counters of every mirror in force and of its control leg, in the order of the configuration. */
    public List<MirrorMeter> mirrors() {
        return List.copyOf(mirrors.values());
    }

    /** Counters of every endpoint in force. */
    public Map<EndpointId, EndpointMeter> endpoints() {
        return Map.copyOf(endpoints);
    }

    /** Compiles a world; nothing is in force before the candidate is committed. */
    public Candidate compile(TurnoutConfig config, Overlay overlay, Addresses addresses, long generation) {
        Candidate candidate = new Candidate(pools.new Batch(overlay, addresses));
        Map<String, PoolRef> refs = new LinkedHashMap<>();
        List<PoolPlan> plans = new ArrayList<>();
        config.pools().forEach((name, pool) -> {
            refs.put(name, new PoolRef(name, plans.size()));
            plans.add(candidate.pools.pool(name, plans.size(), pool));
        });
        RouteTable table = RouteTable.of(config.routes().stream()
                .map(route -> RouteCompiler.spec(route, refs, weights(route, overlay)))
                .toList());
        MirrorCompiler mirrorCompiler = new MirrorCompiler(mirrors, plans, loops);
        List<RoutePlan> routes = new ArrayList<>();
        for (Route route : table.routes()) {
            RouteConfig source = config.routes().stream()
                    .filter(candidateRoute -> candidateRoute.name().equals(route.name()))
                    .findFirst()
                    .orElseThrow();
            List<TargetPlan> targets = new ArrayList<>();
            Map<String, Integer> weights = weights(source, overlay);
            candidate.weights.put(source.name(), weights);
            for (PoolRef target : route.targets()) {
                VariantMeter meter = meter(source.name(), target.name(), weights, generation, candidate);
                targets.add(RouteCompiler.target(source, plans.get(target.id()), meter));
            }
            routes.add(RouteCompiler.plan(
                    source,
                    targets,
                    mirrorCompiler.compile(source, overlay.reverted().contains(source.name()))));
        }
        candidate.mirrors = mirrorCompiler.meters();
        candidate.snapshot = new Snapshot(
                generation,
                table,
                routes,
                plans,
                config.listeners().stream()
                        .map(l -> listener(l, overlay, addresses))
                        .toList(),
                access(config.accessLog()),
                overload(config.overload()));
        return candidate;
    }

    /** The weights in force on a route: its override's, with 0 for the pools it does not name, or the file's. */
    private static Map<String, Integer> weights(RouteConfig route, Overlay overlay) {
        Map<String, Integer> override = overlay.weights().get(route.name());
        if (override == null) {
            return route.split().weights();
        }
        Map<String, Integer> effective = new LinkedHashMap<>();
        route.split().weights().keySet().forEach(pool -> effective.put(pool, override.getOrDefault(pool, 0)));
        return effective;
    }

    /** The epochs of a route's pools go by the generation that brought their weights, so that they can be told in step. */
    private VariantMeter meter(
            String route, String pool, Map<String, Integer> weights, long generation, Candidate candidate) {
        SeriesKey key = new SeriesKey(route, pool);
        VariantSeries known = series.get(key);
        VariantSeries kept = known != null ? known : new VariantSeries(route, pool, loops);
        candidate.series.put(key, kept);
        VariantMeter current = metersInForce.get(key);
        VariantMeter meter = current != null && weights.equals(weightsInForce.get(route))
                ? current
                : kept.draft(generation, weights.getOrDefault(pool, 0));
        candidate.meters.put(key, meter);
        return meter;
    }

    private ListenerPlan listener(ListenerConfig listener, Overlay overlay, Addresses addresses) {
        ListenerConfig.Limits limits = listener.limits();
        return new ListenerPlan(
                listener.name(),
                addresses.of(listener.address()),
                overlay.drainedListeners().contains(listener.name()),
                listener.trustedProxies().stream().map(SnapshotCompiler::range).toList(),
                switch (listener.proxyProtocol()) {
                    case OFF -> ProxyPreambles.NONE;
                    case V1 -> ProxyPreambles.V1;
                    case V2 -> ProxyPreambles.V2;
                    case ANY -> ProxyPreambles.ANY;
                },
                tls.listener(listener),
                listener.timeouts().header().toNanos(),
                listener.timeouts().body().toNanos(),
                listener.timeouts().idle().toNanos(),
                listener.timeouts().tunnel().toNanos(),
                listener.timeouts().drain().toNanos(),
                switch (listener.paths().encodedSlashes()) {
                    case KEEP -> EncodedSlashes.KEEP;
                    case REJECT -> EncodedSlashes.REJECT;
                    case DECODE -> EncodedSlashes.DECODE;
                },
                new ListenerPlan.Limits(
                        limits.connections(),
                        limits.connectionsPerClient(),
                        limits.requestLineBytes(),
                        Math.max(limits.headerBytes(), limits.requestLineBytes()),
                        limits.fields(),
                        limits.bodyBytes(),
                        limits.minRateBytes(),
                        limits.glitches()));
    }

    private OverloadPlan overload(OverloadConfig overload) {
        boolean anyNumber = overload.exchanges() == OverloadConfig.ANY_NUMBER;
        return new OverloadPlan(anyNumber ? Integer.MAX_VALUE : share(overload.exchanges()), (long)
                (maxDirectMemory() * (overload.memoryPpm() / 1e6)));
    }

    /** Loops share nothing, so each gets its part of a limit, at least one. */
    private int share(int limit) {
        return Math.max(1, (int) (((long) limit + loops - 1) / loops));
    }

    private static long maxDirectMemory() {
        return io.netty.util.internal.PlatformDependent.maxDirectMemory();
    }

    private static AccessSettings access(AccessLogConfig log) {
        AccessFormat format = switch (log.format()) {
            case OFF -> AccessFormat.OFF;
            case COMBINED -> AccessFormat.COMBINED;
            case JSON -> AccessFormat.JSON;
        };
        return new AccessSettings(format, log.path().equals(AccessLogConfig.STDOUT) ? "" : log.path());
    }

    private static AddressRange range(IpRange range) {
        return new AddressRange(range.addressBytes(), range.prefixBits());
    }

    /** A compiled world that is not in force yet. */
    public final class Candidate {
        private final Map<SeriesKey, VariantSeries> series = new LinkedHashMap<>();
        private final Map<SeriesKey, VariantMeter> meters = new HashMap<>();
        private final PoolCompiler.Batch pools;
        private final Map<String, Map<String, Integer>> weights = new HashMap<>();
        private Map<MirrorCompiler.LegKey, MirrorMeter> mirrors = Map.of();
        private @org.jspecify.annotations.Nullable Snapshot snapshot;

        private Candidate(PoolCompiler.Batch pools) {
            this.pools = pools;
        }

        /** The compiled world. */
        public Snapshot snapshot() {
            return java.util.Objects.requireNonNull(snapshot);
        }

        /** Makes this world's counters the ones that are read; call just before it is published. */
        public void commit(long nowNanos) {
            meters.forEach((key, meter) -> {
                if (metersInForce.get(key) != meter) {
                    java.util.Objects.requireNonNull(series.get(key)).begin(meter, nowNanos);
                }
            });
            SnapshotCompiler.this.series = series;
            pools.commit(nowNanos);
            endpoints = pools.meters();
            SnapshotCompiler.this.mirrors = mirrors;
            weightsInForce = weights;
            metersInForce = meters;
        }
    }
}
