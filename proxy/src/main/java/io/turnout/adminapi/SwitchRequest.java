package io.turnout.adminapi;

import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/routes/{route}/switch}.
 *
 * @param to the pool that gets all traffic; null only when the body lacked it
 * @param force whether preconditions are skipped; null is no
 */
public record SwitchRequest(
        @Nullable String to,
        @Nullable Boolean force,
        @Nullable String reason) {
    /** Whether preconditions are skipped. */
    public boolean forced() {
        return force != null && force;
    }
}
