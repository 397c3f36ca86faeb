package io.turnout.adminapi;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run-time decision that lies over the file.
 *
 * @param kind {@code weights}, {@code switch} or {@code revert}
 * @param actor who decided
 * @param source by which way in, as in {@code api}
 * @param expiresAt when it ends by itself, or null for never
 * @param ttlSeconds seconds left until then, at least 0; null for never
 * @param laidOver the file's weights when it was decided
 * @param drift whether the file has changed since, and the override was configured to win
 */
public record OverrideStatus(
        String kind,
        Map<String, Integer> weights,
        String actor,
        String source,
        @Nullable String reason,
        Instant time,
        @Nullable Instant expiresAt,
        @Nullable Long ttlSeconds,
        Map<String, Integer> laidOver,
        boolean drift) {
    public OverrideStatus {
        weights = Ordered.copy(weights);
        laidOver = Ordered.copy(laidOver);
    }
}
