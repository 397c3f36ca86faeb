package io.turnout.judge;

import java.util.Arrays;

/**
 * How much more the error counts of single endpoints vary than those of independent requests would.
 *
 * <p>Learned from stable alone, over blocks of 30 s: the variance between its endpoints within a block, over the mean.
 * What hits all endpoints alike does not show, which is right, for it hits the canary too. An endpoint's expected part
 * of a block's errors is its part of the traffic. {@code docs/judge.md} section 2.
 *
 * <p>Confined to the thread that ticks its judge. Allocates only when built and when stable grows.
 */
final class Dispersion {
    private static final double BLOCK_SECONDS = 30;
    private static final double REFRESH_SECONDS = 1;

    private final double ofSingleHost;
    private long[] requests = new long[8];
    private long[] errors = new long[8];
    private int hosts;
    private long layout;
    private double blockSeconds;
    private double sinceRefresh;
    private double variances;
    private double means;
    private double perHost = 1;

    /** @param ofSingleHost what to assume while stable has one endpoint and nothing can be learned, at least 1 */
    Dispersion(double ofSingleHost) {
        this.ofSingleHost = ofSingleHost;
    }

    /** Variance over mean of one stable endpoint's error count, at least 1; known before the tick under judgement. */
    double stable() {
        return hosts <= 1 && means == 0 ? ofSingleHost : perHost;
    }

    /** The same for a canary endpoint, whose bursts are larger in proportion to the traffic it carries. */
    double canary(double weight, int canaryHosts, int stableHosts) {
        double canaryPerHost = weight / Math.max(1, canaryHosts);
        double stablePerHost = (1 - weight) / Math.max(1, stableHosts);
        return 1 + (stable() - 1) * canaryPerHost / stablePerHost;
    }

    /** Adds a tick's counts. */
    void learn(HostCounts stable, double seconds) {
        if (stable.layout() != layout || stable.size() != hosts) {
            closeBlock();
            arrange(stable.size(), stable.layout());
        }
        for (int slot = 0; slot < hosts; slot++) {
            requests[slot] += stable.requests(slot);
            errors[slot] += stable.errors(slot);
        }
        blockSeconds += seconds;
        sinceRefresh += seconds;
        if (blockSeconds >= BLOCK_SECONDS) {
            closeBlock();
        } else if (sinceRefresh >= REFRESH_SECONDS) {
            perHost = estimate(variances + blockVariance(), means + blockMean());
            sinceRefresh = 0;
        }
    }

    private void arrange(int hosts, long layout) {
        if (hosts > requests.length) {
            requests = new long[hosts * 2];
            errors = new long[hosts * 2];
        }
        this.hosts = hosts;
        this.layout = layout;
    }

    private void closeBlock() {
        variances += blockVariance();
        means += blockMean();
        perHost = estimate(variances, means);
        Arrays.fill(requests, 0);
        Arrays.fill(errors, 0);
        blockSeconds = 0;
        sinceRefresh = 0;
    }

    /** One error's worth of prior belief in independence keeps the first errors from meaning much. */
    private static double estimate(double variances, double means) {
        return Math.max(1, (1 + variances) / (1 + means));
    }

    /** Unbiased variance of an endpoint's errors around its part of the block's; 0 when fewer than two served. */
    private double blockVariance() {
        double allRequests = sum(requests);
        double allErrors = sum(errors);
        int serving = serving();
        if (serving < 2) {
            return 0;
        }
        double squares = 0;
        double concentration = 0;
        for (int slot = 0; slot < hosts; slot++) {
            double part = requests[slot] / allRequests;
            double off = errors[slot] - part * allErrors;
            squares += off * off;
            concentration += part * part;
        }
        return squares / (serving * (1 - concentration));
    }

    private double blockMean() {
        int serving = serving();
        return serving < 2 ? 0 : (double) sum(errors) / serving;
    }

    private int serving() {
        int serving = 0;
        for (int slot = 0; slot < hosts; slot++) {
            serving += requests[slot] > 0 ? 1 : 0;
        }
        return serving;
    }

    private long sum(long[] counts) {
        long sum = 0;
        for (int slot = 0; slot < hosts; slot++) {
            sum += counts[slot];
        }
        return sum;
    }
}
