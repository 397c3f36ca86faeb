package io.turnout.cli;

import io.turnout.adminapi.LiveView;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is watched, as lines for a log: one for each route. Stateless. */
final class WatchLines {
    private WatchLines() {}

    /** The figures of one second. */
    static List<String> of(StreamEvent.Live live) {
        List<String> lines = new ArrayList<>();
        live.live().routes().forEach((name, route) -> lines.add(line(Printable.time(live.now()), name, route)));
        return lines;
    }

    private static String line(String time, String name, LiveView.Route route) {
        var line = new StringBuilder(time).append("  ").append(name);
        route.variants()
                .forEach((pool, variant) -> line.append(String.format(
                        Locale.ROOT,
                        "  %s %.1f%% %.1f/s errors %.2f%% p99 %s ms",
                        pool,
                        100 * variant.share(),
                        variant.rps(),
                        100 * variant.errorRate(),
                        Printable.millis(variant.p99()))));
        line.append("  guard ").append(route.guard().state());
        route.guard()
                .variants()
                .forEach((pool, evidence) -> line.append(
                        String.format(Locale.ROOT, " (%s %.3g of %.3g:1)", pool, evidence.odds(), evidence.limit())));
        if (route.rollout() != null) {
            line.append("  rollout ").append(RolloutText.line(route.rollout()));
        }
        return Printable.text(line.toString()).replace('\n', ' ');
    }

    /** A route in few words. */
    static String brief(RouteStatus route) {
        return Printable.text(route.name() + " " + Printable.weights(route.weights())
                        + (route.override() == null
                                ? ""
                                : " by " + route.override().kind()) + ", guard "
                        + route.guard().state())
                .replace('\n', ' ');
    }
}
