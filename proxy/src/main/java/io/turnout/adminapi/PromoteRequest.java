package io.turnout.adminapi;

import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/routes/{route}/rollout/promote}, which may be left out.
 *
 * @param full whether to go to all traffic at once; null is no: to the next step
 * @param step the step the caller saw, as in {@link RolloutStatus#step}, so that a repeated call does not go two steps;
 *     null for wherever it stands
 */
public record PromoteRequest(
        @Nullable Boolean full,
        @Nullable Integer step,
        @Nullable String reason) {
    /** Whether to go to all traffic at once. */
    public boolean toTheEnd() {
        return full != null && full;
    }
}
