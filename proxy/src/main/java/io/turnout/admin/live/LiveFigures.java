package io.turnout.admin.live;

import io.turnout.adminapi.EndpointStatus;
import io.turnout.adminapi.GuardStatus;
import io.turnout.adminapi.LivePoint;
import io.turnout.adminapi.LiveView;
import io.turnout.adminapi.PoolStatus;
import io.turnout.adminapi.RouteEvidence;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.Status;
import io.turnout.adminapi.VariantEvidence;
import io.turnout.adminapi.VariantStatus;
import io.turnout.control.Control;
import io.turnout.telemetry.VariantSeries;
import io.turnout.telemetry.VariantTotals;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every variant and endpoint once a second, and shows what it saw. Looking is all that happens while nobody
 * listens. Confined to the admin thread.
 */
final class LiveFigures {
    /** Variants with a history; a configuration with more has charts for the first of them only. */
    static final int MAX_HISTORIES = 100;

    /** With fewer requests of the route in the last second, shares are told over the whole window. */
    private static final long ENOUGH_FOR_SHARE = 100;

    private final Control control;
    private final VariantTotals totals = new VariantTotals();
    private Map<VariantSeries, VariantFigures> variants = new LinkedHashMap<>();
    private Map<Member, Sent> sent = new HashMap<>();

    /** An endpoint of a pool. */
    private record Member(String pool, String address) {}

    /** What an endpoint's counter said, and how many per second that was. */
    private record Sent(long nanos, long requests, double perSecond) {}

    LiveFigures(Control control) {
        this.control = control;
    }

    /** Takes a look. */
    void look(long nowNanos, long epochSecond) {
        var counters = control.counters();
        Map<VariantSeries, VariantFigures> known = new LinkedHashMap<>();
        for (VariantSeries series : counters.series()) {
            VariantFigures figures = variants.get(series);
            figures = figures == null ? new VariantFigures(known.size() < MAX_HISTORIES) : figures;
            series.readInto(totals);
            figures.look(totals, nowNanos, epochSecond);
            known.put(series, figures);
        }
        variants = known;
        Map<Member, Sent> sentNow = new HashMap<>();
        counters.endpoints().forEach((id, meter) -> {
            Member member = new Member(id.pool(), id.address());
            sentNow.put(member, sent(sent.get(member), nowNanos, meter.requests()));
        });
        sent = sentNow;
    }

    private static Sent sent(@Nullable Sent before, long nowNanos, long requests) {
        double perSecond = before == null || nowNanos <= before.nanos
                ? 0
                : (requests - before.requests) * 1e9 / (nowNanos - before.nanos);
        return new Sent(nowNanos, requests, Math.max(0, VariantFigures.rounded(perSecond)));
    }

    /** The figures of the last look, for what the status shows. */
    LiveView view(Status status) {
        Map<String, LiveView.Route> routes = new LinkedHashMap<>();
        Map<String, Map<String, VariantFigures>> figures = byRoute();
        for (RouteStatus route : status.routes()) {
            routes.put(route.name(), route(route, figures.getOrDefault(route.name(), Map.of())));
        }
        Map<String, Map<String, LiveView.Endpoint>> endpoints = new LinkedHashMap<>();
        status.pools().forEach(pool -> endpoints.put(pool.name(), endpoints(pool)));
        return new LiveView(routes, endpoints);
    }

    private Map<String, Map<String, VariantFigures>> byRoute() {
        Map<String, Map<String, VariantFigures>> routes = new LinkedHashMap<>();
        variants.forEach((series, figures) -> routes.computeIfAbsent(series.route(), name -> new LinkedHashMap<>())
                .put(series.pool(), figures));
        return routes;
    }

    private LiveView.Route route(RouteStatus route, Map<String, VariantFigures> figures) {
        double rps = 0;
        long lastSecond = 0;
        for (VariantFigures variant : figures.values()) {
            rps += variant.newest().rps();
            lastSecond += variant.startedIn(1);
        }
        int seconds = lastSecond < ENOUGH_FOR_SHARE ? VariantFigures.WINDOW_SECONDS : 1;
        long all = figures.values().stream()
                .mapToLong(variant -> variant.startedIn(seconds))
                .sum();
        Map<String, LiveView.Variant> shown = new LinkedHashMap<>();
        for (VariantStatus variant : route.variants()) {
            VariantFigures known = figures.get(variant.pool());
            if (known != null) {
                shown.put(variant.pool(), variant(known, all == 0 ? 0 : (double) known.startedIn(seconds) / all));
            }
        }
        return new LiveView.Route(VariantFigures.rounded(rps), shown, guard(route), route.rollout());
    }

    private static LiveView.Variant variant(VariantFigures figures, double share) {
        LivePoint now = figures.newest();
        return new LiveView.Variant(
                now.rps(),
                now.errorRate(),
                now.p50(),
                now.p95(),
                now.p99(),
                VariantFigures.ratio(share),
                figures.inFlight());
    }

    private LiveView.Guard guard(RouteStatus route) {
        Map<String, LiveView.Evidence> judged = new LinkedHashMap<>();
        RouteEvidence evidence = route.guard().state().equals(GuardStatus.OFF) ? null : control.evidence(route.name());
        if (evidence != null) {
            for (VariantEvidence one : evidence.variants()) {
                judged.put(one.pool(), new LiveView.Evidence(one.odds(), one.oddsLimit(), one.text()));
            }
        }
        return new LiveView.Guard(route.guard().state(), judged);
    }

    private Map<String, LiveView.Endpoint> endpoints(PoolStatus pool) {
        Map<String, LiveView.Endpoint> shown = new LinkedHashMap<>();
        for (EndpointStatus endpoint : pool.endpoints()) {
            Sent known = sent.get(new Member(pool.name(), endpoint.address()));
            shown.put(
                    endpoint.address(),
                    new LiveView.Endpoint(health(endpoint), endpoint.active(), known == null ? 0 : known.perSecond));
        }
        return shown;
    }

    private static String health(EndpointStatus endpoint) {
        if (!endpoint.admin().equals(EndpointStatus.ACTIVE)) {
            return endpoint.admin();
        }
        return endpoint.health().state();
    }

    /** The last minutes of each variant that the status shows. */
    Map<String, Map<String, List<LivePoint>>> history(Status status) {
        Map<String, Map<String, VariantFigures>> figures = byRoute();
        Map<String, Map<String, List<LivePoint>>> history = new LinkedHashMap<>();
        for (RouteStatus route : status.routes()) {
            Map<String, List<LivePoint>> points = new LinkedHashMap<>();
            Map<String, VariantFigures> known = figures.getOrDefault(route.name(), Map.of());
            known.forEach((pool, variant) -> points.put(pool, variant.history()));
            history.put(route.name(), points);
        }
        return history;
    }
}
