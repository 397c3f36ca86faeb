package io.turnout.telemetry;

import java.util.ArrayList;
import java.util.List;

/**
 * All routing epochs of one route and pool: the current one, those whose last requests are still running, and the sum
 * of all that are over.
 *
 * <p>Safe for any thread: guarded by its own monitor, which the data plane never takes (it holds the epoch's meter).
 */
public final class VariantSeries {
    private final String route;
    private final String pool;
    private final int loops;
    private final List<VariantMeter> meters = new ArrayList<>();
    private final VariantTotals over = new VariantTotals();
    private long epochs;

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

    /** Opens a new epoch; requests routed before keep counting in theirs. */
    public synchronized VariantMeter openEpoch() {
        fold();
        VariantMeter meter = new VariantMeter(++epochs, loops);
        meters.add(meter);
        return meter;
    }

    /** Sums over all epochs. */
    public synchronized VariantTotals totals() {
        fold();
        VariantTotals totals = new VariantTotals();
        totals.add(over);
        for (VariantMeter meter : meters) {
            meter.addTo(totals);
        }
        return totals;
    }

    /** Moves epochs that can no longer change into the sum: not the current one, and nothing of it still running. */
    private void fold() {
        for (int i = meters.size() - 2; i >= 0; i--) {
            VariantTotals totals = new VariantTotals();
            meters.get(i).addTo(totals);
            if (totals.started() == totals.finished()) {
                over.add(totals);
                meters.remove(i);
            }
        }
    }
}
