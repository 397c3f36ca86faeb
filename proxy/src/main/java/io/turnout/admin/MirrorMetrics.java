package io.turnout.admin;

import io.turnout.admin.page.MetricFamilies;
import io.turnout.compare.DifferenceReport;
import io.turnout.compare.FieldClass;
import io.turnout.model.UpstreamFailure;
import io.turnout.telemetry.MirrorDrop;
import io.turnout.telemetry.MirrorMeter;
import io.turnout.telemetry.MirrorMeter.Count;
import io.turnout.telemetry.MirrorUnpaired;

/** What the metrics page says of mirrors. Stateless. */
final class MirrorMetrics {
    private MirrorMetrics() {}

    /** What becomes of the copies of one leg. */
    static void leg(MirrorMeter meter, MetricFamilies to) {
        String route = meter.route();
        String pool = meter.pool();
        String leg = meter.leg();
        to.add(Metric.MIRROR_CHOSEN, meter.read(Count.CHOSEN), route, pool, leg);
        to.add(Metric.MIRROR_SENT, meter.read(Count.SENT), route, pool, leg);
        to.add(Metric.MIRROR_COMPLETED, meter.read(Count.COMPLETED), route, pool, leg);
        for (MirrorDrop reason : MirrorDrop.values()) {
            to.add(Metric.MIRROR_DROPPED, meter.dropped(reason), route, pool, leg, reason.label());
        }
        for (UpstreamFailure failure : UpstreamFailure.values()) {
            to.add(Metric.MIRROR_FAILED, meter.failed(failure), route, pool, leg, failure.label());
        }
        duration(meter.copyBuckets(), meter.read(Count.COPY_MICROS), to, route, pool, leg);
    }

    /** What holds for a mirror and its control leg together. */
    static void mirror(MirrorMeter meter, DifferenceReport report, MetricFamilies to) {
        String route = meter.route();
        String pool = meter.pool();
        to.add(Metric.MIRROR_ACTIVE, meter.budget().copies(), route, pool);
        to.add(Metric.MIRROR_HELD_BYTES, meter.budget().bytes(), route, pool);
        to.add(Metric.MIRROR_COMPARED, report.compared(), route, pool);
        for (MirrorUnpaired reason : MirrorUnpaired.values()) {
            to.add(Metric.MIRROR_NOT_COMPARED, meter.unpaired(reason), route, pool, reason.label());
        }
        for (FieldClass kind : FieldClass.values()) {
            long different = report.differentByClass().getOrDefault(kind, 0L);
            to.add(Metric.MIRROR_DIFFERENT, different, route, pool, kind.label());
        }
        to.add(Metric.MIRROR_DIFFERENT_BEYOND_NOISE, report.different(), route, pool);
        duration(meter.primaryBuckets(), meter.read(Count.PRIMARY_MICROS), to, route, pool, "primary");
    }

    private static void duration(long[] buckets, long sumMicros, MetricFamilies to, String... labels) {
        to.addHistogram(
                Metric.MIRROR_DURATION, DurationBuckets.BOUNDS, DurationBuckets.of(buckets), sumMicros / 1e6, labels);
    }
}
