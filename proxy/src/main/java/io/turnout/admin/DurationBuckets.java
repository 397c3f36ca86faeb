package io.turnout.admin;

import io.turnout.model.LatencyScale;
import java.util.ArrayList;
import java.util.List;

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

    /** Upper edge of each bucket in seconds, as text; the last one has none. */
    static final List<String> BOUNDS = bounds();

    private static final int[] SLOTS = slots();

    private DurationBuckets() {}

    private static List<String> bounds() {
        List<String> bounds = new ArrayList<>();
        for (long edge : EDGES_MICROS) {
            bounds.add(Double.toString(edge / 1e6));
        }
        bounds.add("+Inf");
        return List.copyOf(bounds);
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

    /** Folds counts by bucket of {@link LatencyScale} into one count for each of {@link #BOUNDS}. */
    static long[] of(long[] fine) {
        long[] coarse = new long[EDGES_MICROS.length + 1];
        for (int i = 0; i < fine.length; i++) {
            coarse[SLOTS[i]] += fine[i];
        }
        return coarse;
    }
}
