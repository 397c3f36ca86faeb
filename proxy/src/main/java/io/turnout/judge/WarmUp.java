package io.turnout.judge;

import java.time.Duration;

/**
 * For how long the latency of a new canary endpoint is left out: cold caches and an unjitted runtime are not a
 * regression. Errors always count. Immutable.
 *
 * @param minRequests answers the endpoint must have given, and
 * @param minAge time it must have served, before its latency counts; but
 * @param maxAge after this time its latency counts in any case
 */
public record WarmUp(long minRequests, Duration minAge, Duration maxAge) {
    /** 500 requests and 10 s, 5 minutes at most. */
    public static final WarmUp DEFAULT = new WarmUp(500, Duration.ofSeconds(10), Duration.ofMinutes(5));

    public WarmUp {
        if (minRequests < 0 || minAge.isNegative() || maxAge.compareTo(minAge) < 0) {
            throw new IllegalArgumentException(
                    "warm-up of " + minRequests + " requests, " + minAge + ", at most " + maxAge);
        }
    }

    /** Whether an endpoint that served this many requests in this time counts. */
    public boolean isOver(long requests, long ageNanos) {
        return ageNanos >= maxAge.toNanos() || (requests >= minRequests && ageNanos >= minAge.toNanos());
    }
}
