package io.turnout.control.state;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A run-time decision on the weights of one route, laid over what the file wanted at that moment. Immutable.
 *
 * @param weights by pool, one for each pool of the split it was laid over; the sum is more than 0
 * @param laidOver the file's weights at that moment; a file that says something else has changed the split
 * @param actor who decided
 * @param source by which way in
 * @param time when, by the wall clock
 * @param expiresAt when it ends by itself, by the wall clock; null for never
 */
public record RouteOverride(
        Kind kind,
        Map<String, Integer> weights,
        Map<String, Integer> laidOver,
        String actor,
        String source,
        @Nullable String reason,
        Instant time,
        @Nullable Instant expiresAt) {
    /** Which decision it was. */
    public enum Kind {
        /** Weights by number. */
        WEIGHTS,
        /** All traffic to one pool. */
        SWITCH
    }

    public RouteOverride {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(time, "time");
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        laidOver = Collections.unmodifiableMap(new LinkedHashMap<>(laidOver));
        if (weights.values().stream().mapToLong(weight -> weight).sum() <= 0) {
            throw new IllegalArgumentException("found weights " + weights + ", expected a sum of more than 0");
        }
    }

    /** The same, with an end. */
    public RouteOverride until(Instant end) {
        return new RouteOverride(kind, weights, laidOver, actor, source, reason, time, end);
    }

    /** Whether its time is over. */
    public boolean isOver(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
