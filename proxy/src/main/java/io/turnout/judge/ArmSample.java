package io.turnout.judge;

import java.util.Arrays;

/**
 * What one arm (stable or canary) did within one tick and one routing epoch.
 *
 * <p>Counted: first attempts of real traffic, when their outcome is known, under the weight they were routed by. Not
 * counted: forced testers, probes, mirrors, tunnels, clients that left. Mutable and reused; confined to the thread that
 * ticks the judge.
 */
public final class ArmSample {
    private final LatencyCounts latency = new LatencyCounts();
    private final HostCounts hosts = new HostCounts();
    private final long[] slowRunning = new long[Quantile.COUNT];
    private final long[] slowSettled = new long[Quantile.COUNT];
    private long requests;
    private long errors;
    private long flagged;
    private long routed;

    /** Adds answers of which {@code errors} (at most {@code requests}) are charged to the arm. */
    public void answered(long requests, long errors) {
        if (errors < 0 || errors > requests) {
            throw new IllegalArgumentException(errors + " errors in " + requests + " requests");
        }
        this.requests += requests;
        this.errors += errors;
    }

    /** Adds answers that have the property the third metric counts, for instance a 4xx status. */
    public void flagged(long answers) {
        flagged += answers;
    }

    /** Adds requests that were sent to this arm in the tick, answered or not; for the check of the share. */
    public void routed(long requests) {
        routed += requests;
    }

    /**
     * Adds requests still without an answer that passed this arm's limit since the last tick. Each is announced once per
     * quantile; when it ends well later, {@link #slowSettled} says so, that it is not counted twice.
     */
    public void slowRunning(Quantile quantile, long requests) {
        slowRunning[quantile.index()] += requests;
    }

    /** Adds answers in {@link #latency} that had been announced by {@link #slowRunning} for this quantile. */
    public void slowSettled(Quantile quantile, long answers) {
        slowSettled[quantile.index()] += answers;
    }

    /** Times of the successful answers of endpoints past their {@link WarmUp}, and timeouts; filled by the caller. */
    public LatencyCounts latency() {
        return latency;
    }

    /** Counts by endpoint; filled by the caller. */
    public HostCounts hosts() {
        return hosts;
    }

    /** Back to nothing; endpoints and their layout stay. */
    public void clear() {
        requests = 0;
        errors = 0;
        flagged = 0;
        routed = 0;
        latency.clear();
        hosts.clear();
        Arrays.fill(slowRunning, 0);
        Arrays.fill(slowSettled, 0);
    }

    /** Answers so far. */
    public long requests() {
        return requests;
    }

    /** Of those, the ones charged to the arm. */
    public long errors() {
        return errors;
    }

    long flagged() {
        return flagged;
    }

    long routed() {
        return routed;
    }

    /** Answers whose place relative to the limit of this quantile became known in the tick. */
    long timed(Quantile quantile) {
        int q = quantile.index();
        return Math.max(0, latency.total() - slowSettled[q]) + slowRunning[q];
    }

    /** Of those, the ones at or above the bucket where slow begins. */
    long slow(Quantile quantile, int slowFromBucket) {
        int q = quantile.index();
        return Math.max(0, latency.atOrAbove(slowFromBucket) - slowSettled[q]) + slowRunning[q];
    }
}
