package io.turnout.admin;

import io.netty.buffer.PooledByteBufAllocator;
import io.turnout.admin.live.StreamCounts;
import io.turnout.admin.page.MetricFamilies;
import io.turnout.adminapi.EndpointStatus;
import io.turnout.adminapi.GuardStatus;
import io.turnout.adminapi.PoolStatus;
import io.turnout.adminapi.RolloutStatus;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.Status;
import io.turnout.control.Control;
import io.turnout.control.Counters;
import io.turnout.control.webhook.WebhookCounts;
import io.turnout.model.DecisionReason;
import io.turnout.model.Outcome;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.PoolPlan;
import io.turnout.telemetry.EndpointMeter;
import io.turnout.telemetry.LoopMeter;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.telemetry.PoolMeter;
import io.turnout.telemetry.VariantMeter.Weight;
import io.turnout.telemetry.VariantSeries;
import io.turnout.telemetry.VariantTotals;
import io.turnout.telemetry.health.EndpointHealth;
import io.turnout.tls.ClientTls;
import io.turnout.tls.ServerCertificate;
import io.turnout.tls.TlsStore;
import java.util.List;

/** Turnout's own metrics, read off the meters when they are asked for. Not thread-safe, though the meters are. */
final class TurnoutMetrics {
    private static final List<Count> REFUSALS = List.of(
            Count.REFUSED_MALFORMED,
            Count.REFUSED_TOO_LARGE,
            Count.REFUSED_NO_ROUTE,
            Count.REFUSED_TOO_SLOW,
            Count.CUT_SLOW_READERS,
            Count.REFUSED_GLITCHES,
            Count.REFUSED_FLOOD,
            Count.REFUSED_OVERLOAD,
            Count.REFUSED_MISDIRECTED,
            Count.CUT_BY_SHUTDOWN);

    private static final List<PoolMeter.Count> POOL_REFUSALS =
            List.of(PoolMeter.Count.REJECTED_PENDING, PoolMeter.Count.REJECTED_WAIT, PoolMeter.Count.REJECTED_RETRY);

    private static final List<Count> TLS_FAILURES = List.of(
            Count.TLS_NOT_TLS,
            Count.TLS_TIMEOUT,
            Count.TLS_CLIENT_CERTIFICATE,
            Count.TLS_PROTOCOL,
            Count.TLS_GONE,
            Count.TLS_OVERLOAD,
            Count.TLS_NO_CERTIFICATE);

    private static final List<Count> PREAMBLES =
            List.of(Count.PREAMBLE_ACCEPTED, Count.PREAMBLE_NOT_LISTED, Count.PREAMBLE_MALFORMED);

    private final Control control;
    private final StreamCounts events;
    private final String version;

    TurnoutMetrics(Control control, StreamCounts events, String version) {
        this.control = control;
        this.events = events;
        this.version = version;
    }

    /** Adds all that is known now. */
    void addTo(MetricFamilies families) {
        Counters counters = control.counters();
        Status status = control.status();
        counters.series().forEach(series -> series(series, families));
        status.routes().forEach(route -> route(route, families));
        counters.endpoints().forEach((id, meter) -> endpoint(id.pool(), id.address(), meter, families));
        status.pools().forEach(pool -> pool(pool, families));
        status.listeners().forEach(one -> families.add(Metric.LISTENER_DRAINED, one.drained(), one.name()));
        counters.pools().forEach(pool -> limits(pool, families));
        mirrors(counters, families);
        loops(counters.loops(), families);
        tls(counters.loops(), control.tls(), families);
        state(counters, families);
        stream(families);
        process(families);
    }

    private static void series(VariantSeries series, MetricFamilies to) {
        String route = series.route();
        String pool = series.pool();
        VariantTotals totals = series.totals();
        for (Outcome outcome : Outcome.values()) {
            to.add(Metric.REQUESTS, totals.finished(outcome), route, pool, outcome.label());
        }
        for (int statusClass = 0; statusClass <= 5; statusClass++) {
            String label = statusClass == 0 ? "none" : statusClass + "xx";
            to.add(Metric.RESPONSES, totals.withStatusClass(statusClass), route, pool, label);
        }
        for (DecisionReason reason : DecisionReason.values()) {
            to.add(Metric.DECISIONS, totals.decided(reason), route, pool, reason.label());
        }
        // Counters of several loops are read one after the other: an end may be seen whose beginning was not.
        to.add(Metric.REQUESTS_ACTIVE, Math.max(0, totals.started() - totals.finished()), route, pool);
        to.add(Metric.FORCED_REQUESTS, totals.started(Weight.FORCED), route, pool);
        to.add(Metric.VARIANT_ERRORS, totals.charged(), route, pool);
        to.add(Metric.RETRIES, totals.retried(), route, pool);
        to.addHistogram(
                Metric.REQUEST_DURATION,
                DurationBuckets.BOUNDS,
                DurationBuckets.of(totals.totalBuckets()),
                totals.totalMicros() / 1e6,
                route,
                pool);
    }

    private static void route(RouteStatus route, MetricFamilies to) {
        route.weights().forEach((pool, weight) -> to.add(Metric.WEIGHT, weight, route.name(), pool));
        route.desiredWeights().forEach((pool, weight) -> to.add(Metric.WEIGHT_DESIRED, weight, route.name(), pool));
        to.add(Metric.OVERRIDE_ACTIVE, route.override() != null, route.name());
        GuardStatus.STATES.forEach(
                state -> to.add(Metric.GUARD_STATE, route.guard().state().equals(state), route.name(), state));
        RolloutStatus rollout = route.rollout();
        if (rollout != null) {
            RolloutStatus.PHASES.forEach(
                    phase -> to.add(Metric.ROLLOUT_PHASE, rollout.phase().equals(phase), route.name(), phase));
            to.add(Metric.ROLLOUT_STEP, rollout.step(), route.name());
        }
    }

    private static void endpoint(String pool, String address, EndpointMeter meter, MetricFamilies to) {
        to.add(Metric.UPSTREAM_REQUESTS, meter.requests(), pool, address);
        to.add(Metric.UPSTREAM_FAILURES, meter.failures(), pool, address);
        to.add(Metric.UPSTREAM_CONNECTS, meter.connects(), pool, address);
        to.add(Metric.UPSTREAM_CONNECT_FAILURES, meter.connectFailures(), pool, address);
        to.add(Metric.UPSTREAM_CONNECTIONS, meter.connections(), pool, address);
        to.add(Metric.UPSTREAM_ACTIVE, meter.active(), pool, address);
    }

    private static void pool(PoolStatus pool, MetricFamilies to) {
        for (EndpointStatus endpoint : pool.endpoints()) {
            boolean drained = endpoint.admin().equals(EndpointStatus.DRAINED);
            to.add(Metric.UPSTREAM_DRAINED, drained, pool.name(), endpoint.address());
            Double millis = endpoint.latencyMillis();
            to.addGauge(Metric.UPSTREAM_LATENCY, millis == null ? 0 : millis / 1e3, pool.name(), endpoint.address());
            for (String state : EndpointStatus.Health.STATES) {
                boolean isIn = endpoint.health().state().equals(state);
                to.add(Metric.UPSTREAM_HEALTH, isIn, pool.name(), endpoint.address(), state);
            }
        }
        to.add(Metric.POOL_USABLE, pool.usable(), pool.name());
    }

    private static void limits(PoolPlan pool, MetricFamilies to) {
        PoolMeter meter = pool.meter();
        to.add(Metric.POOL_PENDING, meter.read(PoolMeter.Count.PENDING), pool.name());
        to.add(Metric.POOL_RETRIES_ACTIVE, meter.read(PoolMeter.Count.RETRIES_ACTIVE), pool.name());
        POOL_REFUSALS.forEach(why -> to.add(Metric.POOL_REJECTED, meter.read(why), pool.name(), why.label()));
        to.add(Metric.POOL_EJECTIONS_SPARED, meter.read(PoolMeter.Count.EJECTIONS_SPARED), pool.name());
        for (EndpointPlan endpoint : pool.endpoints()) {
            EndpointHealth health = endpoint.health();
            to.add(Metric.UPSTREAM_PROBES, health.goodProbes(), pool.name(), endpoint.name(), "good");
            to.add(Metric.UPSTREAM_PROBES, health.badProbes(), pool.name(), endpoint.name(), "bad");
            to.add(Metric.UPSTREAM_EJECTIONS, health.ejections(), pool.name(), endpoint.name());
        }
    }

    private static void mirrors(Counters counters, MetricFamilies to) {
        for (Counters.Mirror mirror : counters.mirrors()) {
            MirrorMetrics.leg(mirror.meter(), to);
            if (!mirror.meter().isControl()) {
                MirrorMetrics.mirror(mirror.meter(), mirror.report(), to);
            }
        }
    }

    private static void loops(List<LoopMeter> loops, MetricFamilies to) {
        to.add(Metric.CONNECTIONS, sum(loops, Count.CONNECTIONS_OPEN));
        to.add(Metric.CONNECTIONS_ACCEPTED, sum(loops, Count.CONNECTIONS_ACCEPTED));
        to.add(Metric.CONNECTIONS_REFUSED, sum(loops, Count.CONNECTIONS_REFUSED));
        to.add(Metric.EXCHANGES_ACTIVE, sum(loops, Count.EXCHANGES_ACTIVE));
        to.add(Metric.TUNNELS, sum(loops, Count.TUNNELS_OPEN));
        to.add(Metric.TUNNELS_OPENED, sum(loops, Count.TUNNELS_OPENED));
        to.add(Metric.OVERLOAD_STEP, highest(loops, Count.OVERLOAD_STEP));
        to.add(Metric.SHED, sum(loops, Count.SHED_KEEP_ALIVE), Count.SHED_KEEP_ALIVE.label());
        to.add(Metric.SHED, sum(loops, Count.SHED_CONNECTIONS), Count.SHED_CONNECTIONS.label());
        to.add(Metric.SWITCH_DEPARTURES, sum(loops, Count.LEFT_ON_SWITCH));
        to.add(Metric.ACCESS_LOG_DROPPED, sum(loops, Count.ACCESS_LOG_DROPPED));
        REFUSALS.forEach(why -> to.add(Metric.REFUSED, sum(loops, why), why.label()));
    }

    private static long highest(List<LoopMeter> loops, Count count) {
        return loops.stream().mapToLong(loop -> loop.read(count)).max().orElse(0);
    }

    private static void tls(List<LoopMeter> loops, TlsStore store, MetricFamilies to) {
        for (Count count : List.of(Count.TLS_1_2_FULL, Count.TLS_1_2_RESUMED)) {
            to.add(Metric.TLS_HANDSHAKES, sum(loops, count), "1.2", count.label());
        }
        for (Count count : List.of(Count.TLS_1_3_FULL, Count.TLS_1_3_RESUMED)) {
            to.add(Metric.TLS_HANDSHAKES, sum(loops, count), "1.3", count.label());
        }
        TLS_FAILURES.forEach(why -> to.add(Metric.TLS_HANDSHAKE_FAILURES, sum(loops, why), why.label()));
        PREAMBLES.forEach(result -> to.add(Metric.PROXY_PREAMBLES, sum(loops, result), result.label()));
        for (TlsStore.Condition condition : store.conditions()) {
            ClientTls.Counts up = condition.handshakes();
            if (up != null) {
                String pool = condition.owner().substring(condition.owner().indexOf(' ') + 1);
                to.add(Metric.UPSTREAM_TLS_HANDSHAKES, up.full(), pool, "full");
                to.add(Metric.UPSTREAM_TLS_HANDSHAKES, up.resumed(), pool, "resumed");
                to.add(Metric.UPSTREAM_TLS_HANDSHAKES, up.certificateFailures(), pool, "certificate_error");
                to.add(Metric.UPSTREAM_TLS_HANDSHAKES, up.otherFailures(), pool, "failed");
            }
            for (ServerCertificate shown : condition.certificates()) {
                long expiry = shown.notAfter().getEpochSecond();
                to.add(Metric.TLS_CERTIFICATE_EXPIRY, expiry, condition.owner(), shown.serial());
            }
        }
        to.add(Metric.TLS_FILE_READS, store.applied(), "applied");
        to.add(Metric.TLS_FILE_READS, store.refused(), "refused");
    }

    private static long sum(List<LoopMeter> loops, Count count) {
        return loops.stream().mapToLong(loop -> loop.read(count)).sum();
    }

    private static void state(Counters counters, MetricFamilies to) {
        to.add(Metric.GENERATION, counters.generation());
        to.add(Metric.CONFIG_RELOADS, counters.reloadsApplied(), "applied");
        to.add(Metric.CONFIG_RELOADS, counters.reloadsRefused(), "refused");
        to.add(Metric.CONFIG_LAST_RELOAD_SUCCESSFUL, counters.lastReloadOk());
        to.add(Metric.STATE_WRITE_FAILURES, counters.storageFailures());
        WebhookCounts webhooks = counters.webhooks();
        to.add(Metric.WEBHOOK_EVENTS, webhooks.delivered(), "delivered");
        to.add(Metric.WEBHOOK_EVENTS, webhooks.failed(), "failed");
        to.add(Metric.WEBHOOK_EVENTS, webhooks.dropped(), "dropped");
    }

    private void stream(MetricFamilies to) {
        to.add(Metric.EVENT_CLIENTS, events.clients());
        to.add(Metric.EVENTS_SENT, events.sent());
        to.add(Metric.EVENT_CLIENTS_DROPPED, events.dropped());
        to.add(Metric.EVENT_CLIENTS_REFUSED, events.refused());
    }

    private void process(MetricFamilies to) {
        var pooled = PooledByteBufAllocator.DEFAULT.metric();
        to.add(Metric.NETTY_DIRECT_MEMORY, pooled.usedDirectMemory());
        to.add(Metric.NETTY_HEAP_MEMORY, pooled.usedHeapMemory());
        to.add(Metric.BUILD_INFO, true, version, Runtime.version().toString());
    }
}
