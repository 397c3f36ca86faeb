package io.turnout.adminapi;

import org.jspecify.annotations.Nullable;

/**
 * Quantiles of the durations of requests that were answered whole, in milliseconds, within 1.6 %; null while there are
 * none.
 */
public record LatencyStatus(
        @Nullable Double p50,
        @Nullable Double p95,
        @Nullable Double p99) {}
