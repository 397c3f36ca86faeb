package io.turnout.control;

import io.turnout.adminapi.ConfigStatus;
import io.turnout.adminapi.GuardStatus;
import io.turnout.adminapi.LatencyStatus;
import io.turnout.adminapi.ListenerStatus;
import io.turnout.adminapi.OverrideStatus;
import io.turnout.adminapi.PoolStatus;
import io.turnout.adminapi.ReloadStatus;
import io.turnout.adminapi.RouteEvidence;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.Status;
import io.turnout.adminapi.TlsStatus;
import io.turnout.adminapi.VariantStatus;
import io.turnout.config.RouteConfig;
import io.turnout.control.state.RouteOverride;
import io.turnout.model.Outcome;
import io.turnout.telemetry.LoopMeter;
import io.turnout.telemetry.VariantSeries;
import io.turnout.telemetry.VariantTotals;
import io.turnout.tls.ServerCertificate;
import io.turnout.tls.TlsStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes what the API shows out of a world and its counters. Immutable, safe for any thread. */
final class StatusViews {
    private static final List<String> SHED_BY_STEP =
            List.of(Status.NOTHING_SHED, "keepAlive", "connections", "requests");

    private final TlsStore tls;
    private final InstantSource clock;
    private final RequestRates rates;
    private final GuardDesk guards;
    private final RolloutDesk rollouts;
    private final EndpointViews endpoints;
    private final Instant startedAt;
    private final List<LoopMeter> loops;

    StatusViews(
            InstantSource clock,
            RequestRates rates,
            GuardDesk guards,
            RolloutDesk rollouts,
            EndpointViews endpoints,
            Instant startedAt,
            List<LoopMeter> loops,
            TlsStore tls) {
        this.tls = tls;
        this.clock = clock;
        this.rates = rates;
        this.guards = guards;
        this.rollouts = rollouts;
        this.endpoints = endpoints;
        this.startedAt = startedAt;
        this.loops = List.copyOf(loops);
    }

    Status status(World world, ReloadStatus lastReload) {
        Desired desired = world.desired();
        ConfigStatus config = new ConfigStatus(
                desired.text().source(), desired.hash(), desired.text().commit(), lastReload);
        List<RouteStatus> routes = desired.config().routes().stream()
                .map(route -> route(world, route))
                .toList();
        return new Status(
                world.generation(),
                startedAt,
                config,
                routes,
                listeners(world),
                pools(world),
                shedding(),
                certificates());
    }

    /** What the event loop that sheds most sheds. */
    private String shedding() {
        long step = loops.stream()
                .mapToLong(loop -> loop.read(LoopMeter.Count.OVERLOAD_STEP))
                .max()
                .orElse(0);
        return SHED_BY_STEP.get((int) step);
    }

    RouteStatus route(World world, RouteConfig route) {
        RouteOverride override = world.state().overrides().get(route.name());
        Map<String, Integer> weights = world.weights(route);
        List<VariantStatus> variants = world.series().stream()
                .filter(series -> series.route().equals(route.name()))
                .map(series -> variant(series, weights))
                .toList();
        return new RouteStatus(
                route.name(),
                weights,
                route.split().weights(),
                override == null ? null : override(override, route),
                guard(route, override),
                rollouts.status(route.name()),
                variants);
    }

    private GuardStatus guard(RouteConfig route, @Nullable RouteOverride override) {
        return GuardViews.status(route.guard() == null ? null : evidence(route), override);
    }

    /** What the guard knows; until it has looked, and without a guard, nothing. */
    RouteEvidence evidence(RouteConfig route) {
        RouteEvidence known = route.guard() == null ? null : guards.evidence(route.name());
        String state = route.guard() == null ? GuardStatus.OFF : GuardStatus.WATCHING;
        return known == null ? new RouteEvidence(route.name(), state, "", List.of()) : known;
    }

    private OverrideStatus override(RouteOverride override, RouteConfig route) {
        Instant expiresAt = override.expiresAt();
        return new OverrideStatus(
                override.kind().name().toLowerCase(Locale.ROOT),
                override.weights(),
                override.actor(),
                override.source(),
                override.reason(),
                override.time(),
                expiresAt,
                expiresAt == null ? null : secondsUntil(expiresAt),
                override.laidOver(),
                OverrideRules.drifts(override, route));
    }

    private long secondsUntil(Instant end) {
        return Math.max(0, Duration.between(clock.instant(), end).toSeconds());
    }

    private VariantStatus variant(VariantSeries series, Map<String, Integer> weights) {
        VariantTotals totals = series.totals();
        int weight = weights.getOrDefault(series.pool(), 0);
        long sum = weights.values().stream().mapToLong(one -> one).sum();
        return new VariantStatus(
                series.pool(),
                weight,
                (double) weight / sum,
                totals.started(),
                totals.failed(),
                rates.perSecond(series),
                latency(totals));
    }

    private static LatencyStatus latency(VariantTotals totals) {
        long[] buckets = totals.totalBuckets();
        boolean any = totals.finished(Outcome.SUCCESS) + totals.finished(Outcome.CLIENT_ERROR) > 0;
        return new LatencyStatus(
                any ? millis(buckets, 0.50) : null,
                any ? millis(buckets, 0.95) : null,
                any ? millis(buckets, 0.99) : null);
    }

    private static double millis(long[] buckets, double quantile) {
        return VariantTotals.quantileMicros(buckets, quantile) / 1e3;
    }

    private List<TlsStatus> certificates() {
        return tls.conditions().stream().map(StatusViews::certificates).toList();
    }

    private static TlsStatus certificates(TlsStore.Condition condition) {
        List<ServerCertificate> shown = condition.certificates();
        return new TlsStatus(
                condition.owner(),
                shown.stream().flatMap(one -> one.names().all().stream()).toList(),
                shown.stream()
                        .map(ServerCertificate::notAfter)
                        .min(Comparator.naturalOrder())
                        .orElse(null),
                condition.problem());
    }

    private static List<ListenerStatus> listeners(World world) {
        return world.desired().config().listeners().stream()
                .map(listener -> new ListenerStatus(
                        listener.name(),
                        listener.address().toString(),
                        world.state().drainedListeners().contains(listener.name())))
                .toList();
    }

    List<PoolStatus> pools(World world) {
        return endpoints.pools(world.snapshot().pools());
    }
}
