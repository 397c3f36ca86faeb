package io.turnout.judge;

import io.turnout.model.LatencyScale;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One arm's counts over the last {@link Thresholds#window}, held against limits.
 *
 * <p>The window is a ring of 20 slots and slides by one slot at a time. It is checked at each tick; with
 * {@code consecutive} above 1 a breach must stand for that many checks one slot apart, and a tick without breach in
 * between starts the count anew: a total of bad moments never adds up to a verdict.
 *
 * <p>Confined to the thread that ticks its judge. Allocates only when built, or when asked to describe a breach.
 */
final class SlidingThresholds {
    private static final int SLOTS = 20;
    private static final int NONE = -1;
    private static final int ERROR_RATE = 0;

    private final Thresholds limits;
    private final long slotNanos;
    private final long[] requests = new long[SLOTS + 1];
    private final long[] errors = new long[SLOTS + 1];
    private final long[] timed = new long[SLOTS + 1];

    /** Answers above each latency limit, by limit and slot; the row's last cell is the window's sum. */
    private final long[][] slow;

    /** Buckets by slot, the last row being the window's sum; empty when no latency is limited. */
    private final int[][] buckets;

    private int slot;
    private long intoSlotNanos;
    private int breachedRule = NONE;
    private int streak;
    private long streakNanos;

    SlidingThresholds(Thresholds limits) {
        this.limits = limits;
        slotNanos = limits.window().toNanos() / SLOTS;
        slow = new long[limits.latency().size()][SLOTS + 1];
        buckets = limits.latency().isEmpty() ? new int[0][] : new int[SLOTS + 1][LatencyScale.BUCKETS];
    }

    /** Adds one tick's counts. */
    void add(ArmSample arm, long elapsedNanos) {
        slide(elapsedNanos);
        count(requests, arm.requests());
        count(errors, arm.errors());
        count(timed, arm.latency().total());
        for (int i = 0; i < slow.length; i++) {
            count(slow[i], arm.latency().atOrAbove(limits.latency().get(i).slowFromBucket()));
        }
        if (buckets.length > 0) {
            LatencyCounts latency = arm.latency();
            for (int i = 0; i < latency.distinct(); i++) {
                buckets[slot][latency.bucketAt(i)] += (int) latency.countAt(i);
                buckets[SLOTS][latency.bucketAt(i)] += (int) latency.countAt(i);
            }
        }
        check(elapsedNanos);
    }

    /** Whether a limit has been exceeded for as many checks as it takes. */
    boolean breached() {
        return streak >= limits.consecutive();
    }

    /** The limit that is exceeded now and what was seen, or null. */
    @Nullable
    Cause describeBreach() {
        if (breachedRule == NONE) {
            return null;
        }
        if (breachedRule == ERROR_RATE) {
            return new Cause.ErrorRate(errors[SLOTS], requests[SLOTS], maxErrorRate(), limits.window());
        }
        LatencyLimit limit = limits.latency().get(breachedRule - 1);
        return new Cause.Latency(limit, quantileMicros(limit.level()), timed[SLOTS], limits.window());
    }

    private void check(long elapsedNanos) {
        int rule = exceeded();
        if (rule == NONE) {
            streak = 0;
            streakNanos = 0;
        } else if (streak == 0) {
            streak = 1;
        } else {
            streakNanos += elapsedNanos;
            streak = 1 + (int) Math.min(streakNanos / slotNanos, limits.consecutive());
        }
        breachedRule = rule;
    }

    private int exceeded() {
        double max = maxErrorRate();
        if (requests[SLOTS] >= limits.minRequests() && errors[SLOTS] > max * requests[SLOTS]) {
            return ERROR_RATE;
        }
        if (timed[SLOTS] < limits.minRequests()) {
            return NONE;
        }
        for (int i = 0; i < slow.length; i++) {
            if (slow[i][SLOTS] > timed[SLOTS] - rank(limits.latency().get(i).level())) {
                return i + 1;
            }
        }
        return NONE;
    }

    private double maxErrorRate() {
        Double max = limits.maxErrorRate();
        return max == null ? 1 : max;
    }

    private long rank(double level) {
        return (long) Math.ceil(level * timed[SLOTS]);
    }

    private long quantileMicros(double level) {
        long left = rank(level);
        for (int bucket = 0; bucket < LatencyScale.BUCKETS; bucket++) {
            left -= buckets[SLOTS][bucket];
            if (left <= 0) {
                return LatencyScale.upperMicros(bucket);
            }
        }
        return LatencyScale.MAX_MICROS;
    }

    private void count(long[] ring, long count) {
        ring[slot] += count;
        ring[SLOTS] += count;
    }

    private void slide(long elapsedNanos) {
        intoSlotNanos += elapsedNanos;
        long steps = Math.min(SLOTS, intoSlotNanos / slotNanos);
        intoSlotNanos %= slotNanos;
        for (long i = 0; i < steps; i++) {
            slot = (slot + 1) % SLOTS;
            forgetSlot();
        }
    }

    private void forgetSlot() {
        forget(requests);
        forget(errors);
        forget(timed);
        for (long[] ring : slow) {
            forget(ring);
        }
        if (buckets.length > 0) {
            for (int bucket = 0; bucket < LatencyScale.BUCKETS; bucket++) {
                buckets[SLOTS][bucket] -= buckets[slot][bucket];
            }
            Arrays.fill(buckets[slot], 0);
        }
    }

    private void forget(long[] ring) {
        ring[SLOTS] -= ring[slot];
        ring[slot] = 0;
    }
}
