package io.turnout.admin.live;

import io.turnout.model.LatencyScale;
import io.turnout.telemetry.VariantTotals;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The durations of the last so many looks, by bucket of {@link LatencyScale}. Keeps of each look only the buckets that it
 * found new counts in, and the sum of all. Not thread-safe.
 */
final class DurationWindow {
    private final int looks;
    private final long[] seen = new long[LatencyScale.BUCKETS];
    private final long[] sums = new long[LatencyScale.BUCKETS];
    private final Deque<long[]> added = new ArrayDeque<>();
    private long count;

    /**
     * @param looks how many of the last looks it spans
     */
    DurationWindow(int looks) {
        this.looks = looks;
    }

    /** Leaves out what has been counted so far. Only before the first look. */
    void skip(long[] buckets) {
        System.arraycopy(buckets, 0, seen, 0, seen.length);
    }

    /** Takes in what is new in the counts since the look before, and forgets the oldest look. */
    void look(long[] buckets) {
        added.addLast(news(buckets));
        if (added.size() > looks) {
            forget(added.removeFirst());
        }
    }

    /** Bucket and count in turns. */
    private long[] news(long[] buckets) {
        long[] news = new long[16];
        int size = 0;
        for (int bucket = 0; bucket < buckets.length; bucket++) {
            long more = buckets[bucket] - seen[bucket];
            if (more != 0) {
                news = size == news.length ? Arrays.copyOf(news, 2 * size) : news;
                news[size++] = bucket;
                news[size++] = more;
                seen[bucket] = buckets[bucket];
                sums[bucket] += more;
                count += more;
            }
        }
        return Arrays.copyOf(news, size);
    }

    private void forget(long[] old) {
        for (int i = 0; i < old.length; i += 2) {
            sums[(int) old[i]] -= old[i + 1];
            count -= old[i + 1];
        }
    }

    /** Milliseconds below which this share of the durations lies; null when there are none. */
    @Nullable
    Double millis(double quantile) {
        return count <= 0 ? null : VariantTotals.quantileMicros(sums, quantile) / 1e3;
    }
}
