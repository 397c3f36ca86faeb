package io.turnout.admin.live;

import io.turnout.adminapi.LivePoint;
import io.turnout.telemetry.VariantTotals;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last seconds and minutes of one variant, from looks at its counters once a second. Not thread-safe. */
final class VariantFigures {
    /** Seconds over which errors and durations are told. */
    static final int WINDOW_SECONDS = 10;

    /** Points kept. */
    static final int HISTORY_SECONDS = 300;

    private final Deque<Look> looks = new ArrayDeque<>();
    private final Deque<LivePoint> history = new ArrayDeque<>();
    private final boolean keepsHistory;
    private @Nullable DurationWindow durations;
    private LivePoint newest = new LivePoint(0, 0, 0, null, null, null);
    private long inFlight;

    /** What the counters said. */
    private record Look(long nanos, long started, long ended, long failed) {}

    VariantFigures(boolean keepsHistory) {
        this.keepsHistory = keepsHistory;
    }

    /** Takes a look. A variant that was never asked costs next to nothing. */
    void look(VariantTotals totals, long nowNanos, long epochSecond) {
        Look before = looks.peekLast();
        Look look = new Look(nowNanos, totals.started(), totals.finished(), totals.failed());
        looks.addLast(look);
        if (looks.size() > WINDOW_SECONDS + 1) {
            looks.removeFirst();
        }
        // Counters of several loops are read one after the other: an end may be seen whose beginning was not.
        inFlight = Math.max(0, look.started - look.ended);
        lookAtDurations(totals, before == null);
        newest = new LivePoint(
                epochSecond,
                before == null ? 0 : rounded(perSecond(before, look)),
                ratio(errorRate(look)),
                millis(0.50),
                millis(0.95),
                millis(0.99));
        remember(newest);
    }

    /** What was counted before the first look is no news. */
    private void lookAtDurations(VariantTotals totals, boolean first) {
        if (durations == null && totals.finished() > 0) {
            durations = new DurationWindow(WINDOW_SECONDS);
            if (first) {
                durations.skip(totals.totalBuckets());
            }
        }
        if (durations != null) {
            durations.look(totals.totalBuckets());
        }
    }

    private static double perSecond(Look before, Look now) {
        return now.nanos > before.nanos ? (now.started - before.started) * 1e9 / (now.nanos - before.nanos) : 0;
    }

    /** A first attempt counts as failed before its request ends, so more may have failed than ended. */
    private double errorRate(Look now) {
        Look oldest = looks.getFirst();
        long failed = now.failed - oldest.failed;
        long ended = now.ended - oldest.ended;
        return failed <= 0 ? 0 : (double) failed / Math.max(failed, ended);
    }

    private @Nullable Double millis(double quantile) {
        return durations == null ? null : durations.millis(quantile);
    }

    private void remember(LivePoint point) {
        LivePoint last = history.peekLast();
        if (!keepsHistory || (last != null && last.t() == point.t())) {
            return;
        }
        history.addLast(point);
        if (history.size() > HISTORY_SECONDS) {
            history.removeFirst();
        }
    }

    /** The figures of the last look. */
    LivePoint newest() {
        return newest;
    }

    /** Requests that ran at the last look. */
    long inFlight() {
        return inFlight;
    }

    /** Requests that began between the last look and the one so many seconds before, or the first one kept. */
    long startedIn(int seconds) {
        Look last = looks.peekLast();
        if (last == null) {
            return 0;
        }
        Look from = last;
        int back = 0;
        for (var older = looks.descendingIterator(); older.hasNext() && back <= seconds; back++) {
            from = older.next();
        }
        return last.started - from.started;
    }

    /** The last minutes, oldest first. */
    List<LivePoint> history() {
        return List.copyOf(history);
    }

    /** A rate or share to a millionth. */
    static double ratio(double value) {
        return Math.round(value * 1e6) / 1e6;
    }

    /** To a thousandth: what is finer is noise that only fills the stream. */
    static double rounded(double value) {
        return Math.round(value * 1e3) / 1e3;
    }
}
