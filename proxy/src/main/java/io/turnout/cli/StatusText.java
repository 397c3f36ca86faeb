package io.turnout.cli;

import io.turnout.adminapi.ConfigStatus;
import io.turnout.adminapi.EndpointStatus;
import io.turnout.adminapi.ListenerStatus;
import io.turnout.adminapi.OverrideStatus;
import io.turnout.adminapi.PoolStatus;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.Status;
import io.turnout.adminapi.TlsStatus;
import io.turnout.adminapi.VariantStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The status as people read it. Stateless. */
final class StatusText {
    private static final int SHOWN_HASH = 12;
    private static final Pattern FIGURES = Pattern.compile("[0-9][0-9.,]*");

    private StatusText() {}

    static String of(Status status) {
        var text = new StringBuilder();
        config(status, text);
        status.routes().forEach(route -> route(route, text));
        status.pools().forEach(pool -> pool(pool, text));
        listeners(status.listeners(), text);
        tls(status.tls(), text);
        return text.toString();
    }

    private static void config(Status status, StringBuilder to) {
        ConfigStatus config = status.config();
        to.append("generation ").append(status.generation());
        to.append(", up since ").append(Printable.time(status.startedAt())).append('\n');
        to.append("config     ").append(Printable.text(config.source()));
        to.append(" (sha256 ")
                .append(config.hash(), 0, Math.min(SHOWN_HASH, config.hash().length()));
        to.append(config.commit() == null ? ")\n" : ", commit " + Printable.text(config.commit()) + ")\n");
        if (!status.shedding().equals(Status.NOTHING_SHED)) {
            to.append(Printable.loud("OVERLOADED, sheds " + Printable.text(status.shedding())))
                    .append('\n');
        }
        if (!config.lastReload().ok()) {
            String banner = "LAST RELOAD REFUSED at "
                    + Printable.time(config.lastReload().time()) + "; what was in force still is";
            to.append(Printable.loud(banner)).append('\n');
        }
        config.lastReload()
                .problems()
                .forEach(problem ->
                        to.append("  ").append(Printable.text(problem.text())).append('\n'));
    }

    private static void route(RouteStatus route, StringBuilder to) {
        to.append("\nroute ").append(Printable.text(route.name()));
        to.append("  guard ").append(route.guard().state());
        if (route.rollout() != null) {
            to.append("  rollout ").append(Printable.text(RolloutText.line(route.rollout())));
        }
        to.append('\n');
        if (route.rollout() != null) {
            to.append("  next: ").append(Printable.text(route.rollout().next())).append('\n');
        }
        if (!route.guard().text().isEmpty() && !isToldAnyway(route)) {
            to.append("  ").append(Printable.text(route.guard().text())).append('\n');
        }
        if (route.override() != null) {
            override(route, route.override(), to);
        }
        long sum = route.desiredWeights().values().stream().mapToLong(w -> w).sum();
        Table table = new Table(
                1, "POOL", "WEIGHT", "SHARE", "FILE", "REQ/S", "REQUESTS", "ERRORS", "P50 MS", "P95 MS", "P99 MS");
        for (VariantStatus variant : route.variants()) {
            Map<String, Integer> desired = route.desiredWeights();
            Integer inFile = desired.get(variant.pool());
            table.row(
                    variant.pool(),
                    inFile == null ? "-" : Integer.toString(variant.weight()),
                    inFile == null ? "-" : Printable.percent(variant.share()),
                    inFile == null ? "-" : Printable.percent((double) inFile / sum),
                    String.format(Locale.ROOT, "%.1f", variant.requestsPerSecond()),
                    Long.toString(variant.requests()),
                    Long.toString(variant.errors()),
                    Printable.millis(variant.latency().p50()),
                    Printable.millis(variant.latency().p95()),
                    Printable.millis(variant.latency().p99()));
        }
        to.append(table.text("  "));
    }

    /**
     * Whether the rollout's line or the override's says what the guard says: the one what the canary still lacks, the other
     * why it was reverted. The two are not of the same instant, so figures may differ.
     */
    private static boolean isToldAnyway(RouteStatus route) {
        List<String> told = new ArrayList<>();
        if (route.rollout() != null) {
            route.rollout()
                    .missing()
                    .forEach(missing -> told.add(route.rollout().canary() + ": " + missing));
        }
        if (route.override() != null && route.override().reason() != null) {
            told.add(route.override().reason());
        }
        String guard = withoutFigures(route.guard().text());
        return told.stream().anyMatch(text -> withoutFigures(text).equals(guard));
    }

    private static String withoutFigures(String text) {
        return FIGURES.matcher(text).replaceAll("#");
    }

    private static void override(RouteStatus route, OverrideStatus override, StringBuilder to) {
        var banner = new StringBuilder("OVERRIDE (").append(override.kind()).append(") by ");
        banner.append(override.actor()).append(" via ").append(override.source());
        banner.append(" since ").append(Printable.time(override.time()));
        if (override.ttlSeconds() != null) {
            banner.append(", ends in ").append(Printable.seconds(override.ttlSeconds()));
        }
        banner.append(override.reason() == null ? "" : ": " + override.reason());
        String line = Printable.text(banner.toString()).replace('\n', ' ');
        to.append("  ").append(Printable.loud(line)).append('\n');
        if (override.drift()) {
            String drift = "DRIFT: the file has changed from " + Printable.weights(override.laidOver()) + " to "
                    + Printable.weights(route.desiredWeights()) + " since";
            to.append("  ").append(Printable.loud(Printable.text(drift))).append('\n');
        }
    }

    private static void pool(PoolStatus pool, StringBuilder to) {
        to.append("\npool ").append(Printable.text(pool.name())).append('\n');
        Table table = new Table(3, "ENDPOINT", "STATE", "HEALTH", "CONNECTIONS", "RUNNING", "REQUESTS", "FAILURES");
        for (EndpointStatus endpoint : pool.endpoints()) {
            table.row(
                    endpoint.address(),
                    endpoint.admin(),
                    health(endpoint.health()),
                    Long.toString(endpoint.connections()),
                    Long.toString(endpoint.active()),
                    Long.toString(endpoint.requests()),
                    Long.toString(endpoint.failures()));
        }
        to.append(table.text("  "));
        for (EndpointStatus endpoint : pool.endpoints()) {
            if (!endpoint.health().state().equals(EndpointStatus.Health.HEALTHY)) {
                String line = endpoint.address() + ": " + endpoint.health().reason();
                to.append("  ").append(Printable.text(line)).append('\n');
            }
        }
    }

    private static void listeners(List<ListenerStatus> listeners, StringBuilder to) {
        for (ListenerStatus listener : listeners) {
            if (listener.drained()) {
                String banner =
                        "DRAINED, takes no connections: listener " + listener.name() + " on " + listener.address();
                to.append('\n').append(Printable.loud(Printable.text(banner))).append('\n');
            }
        }
    }

    /** A line for each owner of certificates, and one more for what is wrong with its files. */
    private static void tls(List<TlsStatus> owners, StringBuilder to) {
        if (owners.isEmpty()) {
            return;
        }
        to.append("\ntls\n");
        Table table = new Table(3, "OWNER", "EXPIRES", "NAMES");
        for (TlsStatus owner : owners) {
            table.row(
                    owner.owner(),
                    owner.expiresAt() == null ? "-" : Printable.time(owner.expiresAt()),
                    owner.names().isEmpty() ? "-" : String.join(", ", owner.names()));
        }
        to.append(table.text("  "));
        for (TlsStatus owner : owners) {
            if (owner.problem() != null) {
                String banner = "FILES NOT IN USE, " + owner.owner() + ": " + owner.problem();
                String line = Printable.text(banner).replace('\n', ' ');
                to.append("  ").append(Printable.loud(line)).append('\n');
            }
        }
    }

    private static String health(EndpointStatus.Health health) {
        return health.ejectedUntil() == null
                ? health.state()
                : health.state() + " until " + Printable.time(health.ejectedUntil());
    }
}
