package io.turnout.adminapi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code PUT /api/v1/routes/{route}/weights}.
 *
 * @param weights by pool of the split, each 0 to 1,000,000, not all 0; a pool that is not named gets 0. Null only when
 *     the body lacked it
 * @param ttl after which the file is in force again, as in {@code 30m}; null for never
 */
public record WeightsRequest(
        @Nullable Map<String, Integer> weights,
        @Nullable String reason,
        @Nullable String ttl) {}
