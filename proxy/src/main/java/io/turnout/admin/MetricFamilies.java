package io.turnout.admin;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The values of one scrape, filled and thrown away. There is nothing to remove when a route or pool goes: what is not
 * put in is not there. Not thread-safe.
 */
final class MetricFamilies {
    private final Map<Metric, List<DataPointSnapshot>> points = new EnumMap<>(Metric.class);

    /** Adds a value of a counter or gauge, with its labels in the metric's order. Exact up to 2^53. */
    void add(Metric metric, long count, String... labels) {
        double value = (double) count;
        Labels named = named(metric, labels);
        put(
                metric,
                metric.type() == Metric.Type.COUNTER
                        ? new CounterDataPointSnapshot(value, named, null, 0)
                        : new GaugeDataPointSnapshot(value, named, null));
    }

    /** Adds a yes or no as 1 or 0. */
    void add(Metric metric, boolean fact, String... labels) {
        add(metric, fact ? 1 : 0, labels);
    }

    /** Adds a value of a gauge that is no whole number. */
    void addGauge(Metric metric, double value, String... labels) {
        put(metric, new GaugeDataPointSnapshot(value, named(metric, labels), null));
    }

    /** Adds counts by size, and the sum of all sizes. */
    void add(Metric metric, ClassicHistogramBuckets buckets, double sum, String... labels) {
        put(metric, new HistogramDataPointSnapshot(buckets, sum, named(metric, labels), Exemplars.EMPTY, 0));
    }

    private void put(Metric metric, DataPointSnapshot point) {
        points.computeIfAbsent(metric, absent -> new ArrayList<>()).add(point);
    }

    private static Labels named(Metric metric, String[] values) {
        return Labels.of(metric.labels(), List.of(values));
    }

    /** What was added, as the library wants it. */
    MetricSnapshots snapshots() {
        List<MetricSnapshot> families = new ArrayList<>();
        points.forEach((metric, added) -> families.add(family(metric, added)));
        return new MetricSnapshots(families);
    }

    private static MetricSnapshot family(Metric metric, List<DataPointSnapshot> points) {
        var metadata = new MetricMetadata(metric.familyName(), metric.help());
        return switch (metric.type()) {
            case COUNTER -> new CounterSnapshot(metadata, cast(points, CounterDataPointSnapshot.class));
            case GAUGE -> new GaugeSnapshot(metadata, cast(points, GaugeDataPointSnapshot.class));
            case HISTOGRAM -> new HistogramSnapshot(metadata, cast(points, HistogramDataPointSnapshot.class));
        };
    }

    private static <T> List<T> cast(List<DataPointSnapshot> points, Class<T> type) {
        return points.stream().map(type::cast).toList();
    }
}
