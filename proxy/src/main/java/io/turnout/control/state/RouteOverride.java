package io.turnout.control.state;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
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
 * @param reverted pools that lost their traffic for being bad; empty for weights and switches
 * @param from the pool a switch, or the end of a rollout, took most of the traffic from, or null
 */
public record RouteOverride(
        Kind kind,
        Map<String, Integer> weights,
        Map<String, Integer> laidOver,
        String actor,
        String source,
        @Nullable String reason,
        Instant time,
        @Nullable Instant expiresAt,
        List<String> reverted,
        @Nullable String from) {
    /** Which decision it was. */
    public enum Kind {
        /** Weights by number. */
        WEIGHTS,
        /** All traffic to one pool. */
        SWITCH,
        /** A pool was bad and lost its traffic. It does not get any again by a change elsewhere, or by a restart. */
        REVERT,
        /** The share that a rollout has reached. */
        ROLLOUT
    }

    /** Weights by number. */
    public static RouteOverride weights(Terms terms, Map<String, Integer> weights, @Nullable Instant expiresAt) {
        return of(Kind.WEIGHTS, terms, weights, expiresAt, List.of(), null);
    }

    /**
     * All traffic to one pool.
     *
     * @param from the pool that had most of it, or null
     */
    public static RouteOverride switched(Terms terms, Map<String, Integer> weights, @Nullable String from) {
        return of(Kind.SWITCH, terms, weights, null, List.of(), from);
    }

    /** These pools are bad and get nothing. */
    public static RouteOverride revert(Terms terms, Map<String, Integer> weights, List<String> reverted) {
        return of(Kind.REVERT, terms, weights, null, reverted, null);
    }

    /**
     * The share that a rollout has reached.
     *
     * @param reverted other pools that lost their traffic before, and get none back by this
     * @param from the stable pool when the canary has all of its traffic, else null
     */
    public static RouteOverride rollout(
            Terms terms, Map<String, Integer> weights, List<String> reverted, @Nullable String from) {
        return of(Kind.ROLLOUT, terms, weights, null, reverted, from);
    }

    /**
     * What is the same for every kind of decision.
     *
     * @param laidOver the file's weights at that moment
     * @param time by the wall clock
     */
    public record Terms(
            Map<String, Integer> laidOver,
            String actor,
            String source,
            @Nullable String reason,
            Instant time) {}

    private static RouteOverride of(
            Kind kind,
            Terms terms,
            Map<String, Integer> weights,
            @Nullable Instant expiresAt,
            List<String> reverted,
            @Nullable String from) {
        return new RouteOverride(
                kind,
                weights,
                terms.laidOver,
                terms.actor,
                terms.source,
                terms.reason,
                terms.time,
                expiresAt,
                reverted,
                from);
    }

    public RouteOverride {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(time, "time");
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        laidOver = Collections.unmodifiableMap(new LinkedHashMap<>(laidOver));
        // A journal of a version before reverts has no such member.
        reverted = reverted == null ? List.of() : List.copyOf(reverted);
        if (weights.values().stream().mapToLong(weight -> weight).sum() <= 0) {
            throw new IllegalArgumentException("found weights " + weights + ", expected a sum of more than 0");
        }
    }

    /** Whether its time is over. */
    public boolean isOver(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
