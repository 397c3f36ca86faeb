package io.turnout.admin;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.turnout.model.LatencyScale;

/**
 * The fine scale in which latencies are counted, folded into the few buckets of a Prometheus histogram.
 *
 * <p>A fine bucket counts below an edge only if all of it is: what lies within 1.6 % under an edge may count above it.
 * Stateless.
 */
final class DurationBuckets {
    private static final long[] EDGES_MICROS = {
        500,
        1_000,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        30_000_000,
        60_000_000
    };

    private static final double[] UPPER_SECONDS = upperSeconds();
    private static final int[] SLOTS = slots();

    private DurationBuckets() {}

    private static double[] upperSeconds() {
        double[] upper = new double[EDGES_MICROS.length + 1];
        for (int i = 0; i < EDGES_MICROS.length; i++) {
            upper[i] = EDGES_MICROS[i] / 1e6;
        }
        upper[EDGES_MICROS.length] = Double.POSITIVE_INFINITY;
        return upper;
    }

    /** For each fine bucket the coarse one it falls into. */
    private static int[] slots() {
        int[] slots = new int[LatencyScale.BUCKETS];
        int slot = 0;
        for (int fine = 0; fine < slots.length; fine++) {
            while (slot < EDGES_MICROS.length && LatencyScale.upperMicros(fine) > EDGES_MICROS[slot]) {
                slot++;
            }
            slots[fine] = slot;
        }
        return slots;
    }

    /** Folds counts by bucket of {@link LatencyScale}. */
    static ClassicHistogramBuckets of(long[] fine) {
        long[] coarse = new long[UPPER_SECONDS.length];
        for (int i = 0; i < fine.length; i++) {
            coarse[SLOTS[i]] += fine[i];
        }
        return ClassicHistogramBuckets.of(UPPER_SECONDS, coarse);
    }
}
