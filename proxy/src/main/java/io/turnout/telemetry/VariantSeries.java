package io.turnout.telemetry;

import java.util.ArrayList;
import java.util.List;

/**
 * All routing epochs of one route and pool: the current one, those whose last requests may still be running, and the
 * sum of all that are over.
 *
 * <p>Safe for any thread: guarded by its own monitor, which the data plane never takes (it holds the epoch's meter).
 */
public final class VariantSeries {
    /** A loop that stands still may route into an epoch a while after it was replaced; after this long, none does. */
    private static final long GRACE_NANOS = 60_000_000_000L;

    private final String route;
    private final String pool;
    private final int loops;
    private final List<VariantMeter> meters = new ArrayList<>();
    private final List<Long> replacedNanos = new ArrayList<>();
    private final VariantTotals over = new VariantTotals();
    private volatile List<VariantMeter> running = List.of();

    /** A series without epochs yet. */
    public VariantSeries(String route, String pool, int loops) {
        this.route = route;
        this.pool = pool;
        this.loops = loops;
    }

    /** Name of the route. */
    public String route() {
        return route;
    }

    /** Name of the pool. */
    public String pool() {
        return pool;
    }

    /**
     * A meter for an epoch that may never come into force; {@link #begin} makes it the current one.
     *
     * @param epoch number of the epoch, larger than those that have begun
     * @param share what the pool weighs in it; 0 if it is not in the split
     */
    public VariantMeter draft(long epoch, int share) {
        return new VariantMeter(epoch, share, loops);
    }

    /** The epochs that may still count, oldest first; the last one is in force. Immutable. */
    public List<VariantMeter> meters() {
        return running;
    }

    /** The epoch of this meter is in force from now on; requests routed before keep counting in theirs. */
    public synchronized void begin(VariantMeter meter, long nowNanos) {
        fold(nowNanos);
        if (!meters.isEmpty()) {
            replacedNanos.add(nowNanos);
        }
        meters.add(meter);
        running = List.copyOf(meters);
    }

    /** Sums over all epochs. */
    public synchronized VariantTotals totals() {
        VariantTotals totals = new VariantTotals();
        addTo(totals);
        return totals;
    }

    /** The same sums in place of what the reader had, for one who reads often. */
    public synchronized void readInto(VariantTotals totals) {
        totals.clear();
        addTo(totals);
    }

    private void addTo(VariantTotals totals) {
        totals.add(over);
        for (VariantMeter meter : meters) {
            meter.addTo(totals);
        }
    }

    /** Moves epochs that can no longer change into the sum: long replaced, and nothing of them still running. */
    private void fold(long nowNanos) {
        for (int i = replacedNanos.size() - 1; i >= 0; i--) {
            if (nowNanos - replacedNanos.get(i) < GRACE_NANOS) {
                continue;
            }
            VariantTotals totals = new VariantTotals();
            meters.get(i).addTo(totals);
            if (totals.started() == totals.finished()) {
                over.add(totals);
                meters.remove(i);
                replacedNanos.remove(i);
            }
        }
    }
}
