package io.turnout.cli;

import io.turnout.adminapi.GuardStatus;
import io.turnout.adminapi.LiveView;
import io.turnout.adminapi.OverrideStatus;
import io.turnout.adminapi.RolloutStatus;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the traffic goes, as a tree that fits into a terminal: per route its variants with bars of their shares, the
 * evidence against its limit, the way of the rollout; then the pools. Makes lines and nothing else. Stateless.
 */
final class WatchView {
    private static final int BAR = 20;

    private final int columns;
    private final List<String> lines = new ArrayList<>();

    private WatchView(int columns) {
        this.columns = columns;
    }

    /**
     * Lines of no more than so many columns, without control characters.
     *
     * @param columns 60 or more
     */
    static List<String> of(Status status, LiveView live, Instant now, int columns) {
        WatchView view = new WatchView(columns);
        view.head(status, now);
        for (RouteStatus route : status.routes()) {
            LiveView.Route figures = live.routes().get(route.name());
            if (figures != null) {
                view.route(route, figures, now);
            }
        }
        live.endpoints().forEach(view::pool);
        return view.lines;
    }

    private void head(Status status, Instant now) {
        put("turnout  generation " + status.generation() + "  "
                + status.config().source() + "  " + Printable.time(now));
        if (!status.config().lastReload().ok()) {
            put("! LAST RELOAD REFUSED; what was in force still is");
        }
    }

    private void route(RouteStatus route, LiveView.Route live, Instant now) {
        put("");
        put(String.format(
                Locale.ROOT,
                "%s  %.1f/s  guard %s",
                route.name(),
                live.rps(),
                live.guard().state()));
        OverrideStatus override = route.override();
        if (override != null) {
            put("! OVERRIDE (" + override.kind() + ") by " + override.actor()
                    + (override.reason() == null ? "" : ": " + override.reason()));
        }
        if (override != null && override.drift()) {
            put("! DRIFT: the file has changed since; it says " + Printable.weights(route.desiredWeights()));
        }
        int name =
                live.variants().keySet().stream().mapToInt(String::length).max().orElse(0);
        int shown = Math.min(name, columns - 61);
        List<Map.Entry<String, LiveView.Variant>> variants =
                List.copyOf(live.variants().entrySet());
        for (int i = 0; i < variants.size(); i++) {
            boolean last = i == variants.size() - 1 && route.rollout() == null;
            variant(variants.get(i).getKey(), variants.get(i).getValue(), route, shown, last ? "└─ " : "├─ ");
            LiveView.Evidence evidence =
                    live.guard().variants().get(variants.get(i).getKey());
            if (evidence != null) {
                evidence(evidence, last ? "   " : "│  ");
            }
        }
        if (live.rollout() != null) {
            rollout(live.rollout(), now);
        }
        if (route.guard().state().equals(GuardStatus.REVERTED)
                || route.guard().state().equals(GuardStatus.SHARED_INCIDENT)) {
            put("   " + route.guard().text().lines().findFirst().orElse(""));
        }
    }

    private void variant(String pool, LiveView.Variant variant, RouteStatus route, int width, String branch) {
        long sum = route.weights().values().stream().mapToLong(weight -> weight).sum();
        double share = sum == 0 ? 0 : (double) route.weights().getOrDefault(pool, 0) / sum;
        put(branch
                + String.format(
                        Locale.ROOT,
                        "%-" + width + "s %6.2f%% %s %7.1f/s %5.2f%% err p99 %s",
                        cut(pool, width),
                        100 * share,
                        bar(share, BAR),
                        variant.rps(),
                        100 * variant.errorRate(),
                        variant.p99() == null ? "-" : Printable.millis(variant.p99()) + "ms"));
    }

    /** On a scale of logarithms, as evidence multiplies. */
    private void evidence(LiveView.Evidence evidence, String stem) {
        double part = evidence.limit() > 1 ? Math.log(Math.max(1, evidence.odds())) / Math.log(evidence.limit()) : 0;
        put(stem
                + String.format(
                        Locale.ROOT,
                        "  evidence %s %.3g of %.3g:1",
                        bar(part, BAR),
                        evidence.odds(),
                        evidence.limit()));
        if (!evidence.text().isEmpty()) {
            put(stem + "  " + evidence.text().lines().findFirst().orElse(""));
        }
    }

    private void rollout(RolloutStatus rollout, Instant now) {
        var line = new StringBuilder("└─ rollout ").append(rollout.phase());
        line.append(", step ").append(rollout.step()).append(" of ").append(rollout.of());
        if (rollout.since() != null) {
            long seconds = Math.max(0, now.getEpochSecond() - rollout.since().getEpochSecond());
            line.append(", for ").append(Printable.seconds(seconds));
        }
        if (rollout.holdRemainingSeconds() != null) {
            line.append(", holds ").append(Printable.seconds(rollout.holdRemainingSeconds()));
        }
        put(line.toString());
        var way = new StringBuilder("   ");
        for (RolloutStatus.Step step : rollout.steps()) {
            way.append(
                    switch (step.state()) {
                        case "done" -> " ✓ ";
                        case "current" -> " ● ";
                        default -> " ○ ";
                    });
            way.append(String.format(Locale.ROOT, "%.4g%%", 100 * step.weight()));
        }
        put(way.toString());
        rollout.missing().forEach(missing -> put("    missing: " + missing));
        if (rollout.waitingFor() != null) {
            put("    waits for " + rollout.waitingFor());
        }
        // What is missing has lines of its own, whole.
        String next = rollout.next().replace(", after " + String.join("; ", rollout.missing()), "");
        if (!next.isEmpty()) {
            put("    next: " + next);
        }
    }

    private void pool(String name, Map<String, LiveView.Endpoint> endpoints) {
        put("");
        put("pool " + name);
        List<Map.Entry<String, LiveView.Endpoint>> members = List.copyOf(endpoints.entrySet());
        for (int i = 0; i < members.size(); i++) {
            LiveView.Endpoint endpoint = members.get(i).getValue();
            put((i == members.size() - 1 ? "└─ " : "├─ ")
                    + String.format(
                            Locale.ROOT,
                            "%-" + (columns - 44) + "s %-12s %7.1f/s %4d in flight",
                            cut(members.get(i).getKey(), columns - 44),
                            cut(endpoint.health(), 12),
                            endpoint.rps(),
                            endpoint.inFlight()));
        }
    }

    private static String bar(double part, int cells) {
        int full = (int) Math.round(Math.max(0, Math.min(1, part)) * cells);
        // What is there at all is seen, and what is not whole is not shown as whole.
        full = part > 0 ? Math.max(1, full) : full;
        full = part < 1 ? Math.min(cells - 1, full) : full;
        return "█".repeat(full) + "░".repeat(cells - full);
    }

    /** Other people's text must not steer the terminal, nor break the frame. */
    private void put(String line) {
        lines.add(cut(Printable.text(line).replace('\n', ' '), columns));
    }

    private static String cut(String text, int columns) {
        int length = text.codePointCount(0, text.length());
        return length <= columns ? text : text.substring(0, text.offsetByCodePoints(0, Math.max(0, columns - 1))) + "…";
    }
}
