package io.turnout.adminapi;

/**
 * One pool of a route and what became of the requests sent there since it was configured.
 *
 * @param weight in force; 0 for pools that are not in the split
 * @param share weight over the sum of weights, 0 to 1
 * @param requests routed there
 * @param errors of these, the ones the variant failed, whatever a retry made of them
 * @param requestsPerSecond mean of the last ten seconds
 */
public record VariantStatus(
        String pool,
        int weight,
        double share,
        long requests,
        long errors,
        double requestsPerSecond,
        LatencyStatus latency) {}
