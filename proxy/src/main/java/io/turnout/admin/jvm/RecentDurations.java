package io.turnout.admin.jvm;

import java.util.concurrent.TimeUnit;

/** Durations of one kind: all of them summed up, and the longest of the last two to three minutes. Not thread-safe. */
final class RecentDurations {
    private static final int MINUTES = 3;

    private final long[] longestMillis = new long[MINUTES];
    private long minute;
    private long count;
    private long sumMillis;

    void add(long millis, long nowNanos) {
        turn(nowNanos);
        count++;
        sumMillis += millis;
        int slot = (int) Math.floorMod(minute, (long) MINUTES);
        longestMillis[slot] = Math.max(longestMillis[slot], millis);
    }

    /** Forgets the minutes that are over. */
    private void turn(long nowNanos) {
        long now = Math.floorDiv(nowNanos, TimeUnit.MINUTES.toNanos(1));
        long passed = Math.min(MINUTES, now - minute);
        for (long i = 0; i < passed; i++) {
            longestMillis[(int) Math.floorMod(now - i, (long) MINUTES)] = 0;
        }
        minute = now;
    }

    long count() {
        return count;
    }

    long sumMillis() {
        return sumMillis;
    }

    long longestMillis(long nowNanos) {
        turn(nowNanos);
        long longest = 0;
        for (long millis : longestMillis) {
            longest = Math.max(longest, millis);
        }
        return longest;
    }
}
