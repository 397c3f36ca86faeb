package io.turnout.bench.guard;

/**
 * What one judge did in one story.
 *
 * @param reverted whether it took the canary back
 * @param seconds from the fault to the revert, or how long it looked on
 * @param canaryRequests that reached the canary since the fault
 * @param failedRequests of them
 * @param routedAfter requests that were routed to the canary after the revert; -1 when the judge moves nothing itself
 * @param otherFailures of the client that no service caused
 * @param words its own, empty for a rule
 */
record Judgement(
        boolean reverted,
        double seconds,
        long canaryRequests,
        long failedRequests,
        long routedAfter,
        long otherFailures,
        String words) {}
