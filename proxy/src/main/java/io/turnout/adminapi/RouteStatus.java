package io.turnout.adminapi;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A route and where its requests go.
 *
 * @param weights in force, by pool
 * @param desiredWeights those of the file
 * @param override what lies over the file, or null
 * @param rollout null when none is configured
 * @param variants in the order of the file, then pools that only rules or {@code onEmpty} name
 */
public record RouteStatus(
        String name,
        Map<String, Integer> weights,
        Map<String, Integer> desiredWeights,
        @Nullable OverrideStatus override,
        GuardStatus guard,
        @Nullable RolloutStatus rollout,
        List<VariantStatus> variants) {
    public RouteStatus {
        weights = Ordered.copy(weights);
        desiredWeights = Ordered.copy(desiredWeights);
        variants = List.copyOf(variants);
    }
}
