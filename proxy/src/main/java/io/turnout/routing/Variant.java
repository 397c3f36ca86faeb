package io.turnout.routing;

/**
 * A pool in a split. Immutable.
 *
 * @param weight its part of the sum of weights, 0 to {@link #MAX_WEIGHT}; 0 keeps its place and gets no request
 */
public record Variant(PoolRef pool, int weight) {
    /** The largest weight. */
    public static final int MAX_WEIGHT = 1_000_000;

    public Variant {
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException(
                    "found weight " + weight + " for " + pool.name() + ", expected 0.." + MAX_WEIGHT);
        }
    }

    /** A variant is called by its pool. */
    public String name() {
        return pool.name();
    }
}
