package io.turnout.upstream;

/**
 * What one event loop may ask of a pool a second time: a share of what it has asked lately, and a few however little that
 * is. Both fade, so that the share holds for as long as a fault lasts, while a member that dies with all it holds takes
 * none of it along. Confined to its event loop.
 */
final class RetryBudget {
    /** After this long, all but 1/e of what was asked is forgotten. */
    private static final double MEMORY_NANOS = 10_000_000_000.0;

    /** Retries that may be remembered however few requests are. */
    private static final double LEAST_RETRIES = 10;

    private double requests;
    private double retries;
    private long fadedNanos;

    RetryBudget(long nowNanos) {
        fadedNanos = nowNanos;
    }

    /** A request is made for the first time. */
    void onRequest() {
        requests++;
    }

    /** A request is made again. */
    void onRetry() {
        retries++;
    }

    /** Whether one more retry is within this share, in parts per million, of the requests. */
    boolean allows(int sharePpm) {
        return retries + 1 <= Math.max(LEAST_RETRIES, requests * sharePpm / 1_000_000);
    }

    /** Time has passed. */
    void onTick(long nowNanos) {
        double kept = Math.exp(-Math.max(0, nowNanos - fadedNanos) / MEMORY_NANOS);
        requests *= kept;
        retries *= kept;
        fadedNanos = nowNanos;
    }
}
