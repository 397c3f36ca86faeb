package io.turnout.cli;

import io.turnout.adminapi.LatencyStatus;
import io.turnout.adminapi.MirrorComparison;
import io.turnout.adminapi.MirrorComparison.FieldDifference;
import io.turnout.adminapi.MirrorDifferences;
import io.turnout.adminapi.RouteDifferences;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code turnout diff} prints. Stateless. */
final class DiffText {
    private DiffText() {}

    static String of(RouteDifferences route) {
        StringBuilder text = new StringBuilder();
        for (MirrorDifferences mirror : route.mirrors()) {
            if (text.length() > 0) {
                text.append('\n');
            }
            append(route.route(), mirror, text);
        }
        return text.toString();
    }

    private static void append(String route, MirrorDifferences mirror, StringBuilder to) {
        to.append("route ").append(route).append(", mirror to ").append(mirror.pool());
        to.append(String.format(Locale.ROOT, " at %s %%", shortest(mirror.percent())));
        if (mirror.control() != null) {
            to.append(", noise measured on ").append(mirror.control());
        }
        to.append("\n  ").append(Printable.text(mirror.text())).append('\n');
        to.append("  p50 / p95 / p99 ms: primary ").append(millis(mirror.primaryLatency()));
        to.append(", shadow ").append(millis(mirror.shadowLatency())).append('\n');
        MirrorComparison comparison = mirror.comparison();
        if (comparison != null) {
            append(comparison, to);
        }
    }

    private static String shortest(double percent) {
        return percent == Math.rint(percent) ? Long.toString(Math.round(percent)) : Double.toString(percent);
    }

    private static String millis(LatencyStatus latency) {
        return Printable.millis(latency.p50()) + " / " + Printable.millis(latency.p95()) + " / "
                + Printable.millis(latency.p99());
    }

    private static void append(MirrorComparison comparison, StringBuilder to) {
        counts("not compared", comparison.notCompared(), to);
        counts("bodies not compared", comparison.bodyNotCompared(), to);
        if (comparison.fields().isEmpty()) {
            return;
        }
        Table table = new Table(3, "", "FIELD", "FIRST SEEN IN", "DIFFERENT", "NOISE");
        for (FieldDifference field : comparison.fields()) {
            String request =
                    field.samples().isEmpty() ? "-" : field.samples().get(0).request();
            table.row(
                    field.flagged() ? "!" : "",
                    field.field(),
                    request,
                    Long.toString(field.different()),
                    Long.toString(field.noise()));
        }
        to.append('\n').append(table.text("  "));
        comparison.fields().stream().filter(FieldDifference::flagged).forEach(field -> samples(field, to));
    }

    private static void counts(String what, Map<String, Long> counts, StringBuilder to) {
        if (!counts.isEmpty()) {
            to.append("  ").append(what).append(": ");
            to.append(counts.entrySet().stream()
                    .map(entry -> entry.getValue() + " " + entry.getKey())
                    .collect(Collectors.joining(", ")));
            to.append('\n');
        }
    }

    /** Values come from answers of other people's programs. */
    private static void samples(FieldDifference field, StringBuilder to) {
        to.append("\n  ").append(Printable.text(field.field())).append('\n');
        for (MirrorComparison.Sample sample : field.samples()) {
            to.append("    primary ").append(line(sample.primary())).append('\n');
            to.append("    shadow  ").append(line(sample.shadow()));
            to.append("    in ").append(line(sample.request())).append('\n');
        }
    }

    private static String line(String text) {
        return Printable.text(text).replace('\n', ' ');
    }
}
