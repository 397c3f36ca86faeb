package io.turnout.control;

import io.turnout.adminapi.LatencyStatus;
import io.turnout.adminapi.MirrorComparison;
import io.turnout.adminapi.MirrorComparison.FieldDifference;
import io.turnout.adminapi.MirrorCopies;
import io.turnout.adminapi.MirrorDifferences;
import io.turnout.adminapi.RouteDifferences;
import io.turnout.compare.DifferenceReport;
import io.turnout.compare.FieldClass;
import io.turnout.compare.Finding;
import io.turnout.model.UpstreamFailure;
import io.turnout.shadow.Comparisons;
import io.turnout.snapshot.MirrorPlan;
import io.turnout.snapshot.RoutePlan;
import io.turnout.telemetry.MirrorDrop;
import io.turnout.telemetry.MirrorMeter;
import io.turnout.telemetry.MirrorMeter.Count;
import io.turnout.telemetry.MirrorUnpaired;
import io.turnout.telemetry.VariantTotals;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Makes what the API shows of mirrors out of their meters and findings. Immutable, safe for any thread. */
final class DifferenceViews {
    private static final int NAMED_FIELDS = 3;

    private final Comparisons comparisons;

    DifferenceViews(Comparisons comparisons) {
        this.comparisons = comparisons;
    }

    RouteDifferences of(RoutePlan route) {
        return new RouteDifferences(
                route.name(), route.mirrors().stream().map(this::of).toList());
    }

    private MirrorDifferences of(MirrorPlan mirror) {
        MirrorMeter meter = mirror.meter();
        MirrorPlan.Control control = mirror.control();
        DifferenceReport report =
                comparisons.report(mirror.route(), mirror.pool().name());
        MirrorCopies copies = copies(meter);
        MirrorComparison comparison = mirror.compare() == null ? null : comparison(meter, report);
        return new MirrorDifferences(
                mirror.pool().name(),
                mirror.sampling().sharePpm() / 1e4,
                control == null ? null : control.leg().pool().name(),
                copies,
                control == null ? null : copies(control.leg().meter()),
                latency(meter.primaryBuckets()),
                latency(meter.copyBuckets()),
                comparison,
                comparison == null ? words(copies) : words(copies) + "; " + words(comparison));
    }

    private static MirrorCopies copies(MirrorMeter meter) {
        Map<String, Long> dropped = nonZero(MirrorDrop.values(), MirrorDrop::label, meter::dropped);
        Map<String, Long> failed = nonZero(UpstreamFailure.values(), UpstreamFailure::label, meter::failed);
        // Read before what ends: a copy may end between two reads, and must not be missing then.
        long chosen = meter.read(Count.CHOSEN);
        long completed = meter.read(Count.COMPLETED);
        return new MirrorCopies(
                chosen,
                meter.read(Count.SENT),
                completed,
                meter.read(Count.SERVER_ERRORS),
                Math.max(0, chosen - completed - sum(dropped) - sum(failed)),
                dropped,
                failed);
    }

    private static <T> Map<String, Long> nonZero(T[] values, Function<T, String> label, ToLongFunction<T> count) {
        Map<String, Long> counts = new LinkedHashMap<>();
        Arrays.stream(values)
                .filter(value -> count.applyAsLong(value) > 0)
                .forEach(value -> counts.put(label.apply(value), count.applyAsLong(value)));
        return counts;
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static LatencyStatus latency(long[] buckets) {
        boolean any = Arrays.stream(buckets).anyMatch(count -> count > 0);
        return any
                ? new LatencyStatus(millis(buckets, 0.5), millis(buckets, 0.95), millis(buckets, 0.99))
                : new LatencyStatus(null, null, null);
    }

    private static double millis(long[] buckets, double quantile) {
        return VariantTotals.quantileMicros(buckets, quantile) / 1e3;
    }

    private static MirrorComparison comparison(MirrorMeter meter, DifferenceReport report) {
        Map<String, Long> byClass = new LinkedHashMap<>();
        for (FieldClass kind : FieldClass.values()) {
            byClass.put(kind.label(), report.differentByClass().getOrDefault(kind, 0L));
        }
        return new MirrorComparison(
                report.compared(),
                report.different(),
                report.rate(),
                byClass,
                nonZero(MirrorUnpaired.values(), MirrorUnpaired::label, meter::unpaired),
                report.bodySkipped(),
                report.findings().stream().map(DifferenceViews::field).toList(),
                report.fieldsNotKept());
    }

    private static FieldDifference field(Finding finding) {
        return new FieldDifference(
                finding.field().toString(),
                finding.different(),
                finding.noise(),
                finding.flagged(),
                finding.samples().stream()
                        .map(sample -> new MirrorComparison.Sample(sample.request(), sample.primary(), sample.shadow()))
                        .toList());
    }

    private static String words(MirrorCopies copies) {
        String text = copies.completed() + " of " + copies.chosen() + " copies answered";
        String lost = List.of(copies.failed(), copies.dropped()).stream()
                .flatMap(counts -> counts.entrySet().stream())
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        return lost.isEmpty() ? text : text + " (" + lost + ")";
    }

    private static String words(MirrorComparison comparison) {
        if (comparison.compared() == 0) {
            return "no answers compared yet";
        }
        List<String> flagged = comparison.fields().stream()
                .filter(FieldDifference::flagged)
                .map(FieldDifference::field)
                .toList();
        String compared = comparison.compared() + " answers compared";
        if (flagged.isEmpty()) {
            return compared + ", no difference" + (comparison.fields().isEmpty() ? "" : " beyond the noise");
        }
        String more = flagged.size() > NAMED_FIELDS ? " and " + (flagged.size() - NAMED_FIELDS) + " more" : "";
        return String.format(
                Locale.ROOT,
                "%s, %d different (%.2f %%) in %s%s",
                compared,
                comparison.different(),
                100 * comparison.rate(),
                String.join(", ", flagged.subList(0, Math.min(NAMED_FIELDS, flagged.size()))),
                more);
    }
}
