package io.turnout.adminapi;

import org.jspecify.annotations.Nullable;

/**
 * A variant's figures at one second, as in {@link LiveView.Variant}.
 *
 * @param t seconds since 1970
 */
public record LivePoint(
        long t,
        double rps,
        double errorRate,
        @Nullable Double p50,
        @Nullable Double p95,
        @Nullable Double p99) {}
