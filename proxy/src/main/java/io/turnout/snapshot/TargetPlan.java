package io.turnout.snapshot;

import io.turnout.telemetry.VariantMeter;
import org.jspecify.annotations.Nullable;

/**
 * One pool a route may send a request to. Immutable but for its meter's counters.
 *
 * @param meter what becomes of the requests sent there in this routing epoch
 * @param requestEdits the route's changes and then the variant's, to the request head
 * @param responseEdits likewise to the answer's head
 * @param pathPrefix what replaces the matched path prefix, or null
 * @param authority what replaces the authority, or null
 */
public record TargetPlan(
        PoolPlan pool,
        VariantMeter meter,
        HeaderEdits requestEdits,
        HeaderEdits responseEdits,
        @Nullable String pathPrefix,
        @Nullable String authority) {}
