package io.turnout.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a route's requests are shared out between pools.
 *
 * @param weights by pool, in file order; each 0 to {@link #MAX_WEIGHT}, their sum more than 0
 * @param key null when each request is drawn by itself
 * @param onEmpty what becomes of a request whose variant has no usable endpoint
 * @param onConflict who wins when the file changes this split while an override is in force
 * @param onSwitch what becomes of long-lived work on a variant that loses all its traffic
 * @param variants extras of pools in {@code weights}; those without extras are absent
 */
public record SplitConfig(
        Map<String, Integer> weights,
        @Nullable KeyConfig key,
        OnEmpty onEmpty,
        OnConflict onConflict,
        OnSwitch onSwitch,
        Map<String, Variant> variants) {
    public static final int MAX_WEIGHT = 1_000_000;

    public SplitConfig {
        weights = Require.ordered(weights);
        variants = Require.ordered(variants);
        weights.forEach((pool, weight) -> Require.within("weight of " + pool, weight, 0, MAX_WEIGHT));
        Require.atLeast(
                "sum of weights", weights.values().stream().mapToLong(w -> w).sum(), 1);
        if (!weights.keySet().containsAll(variants.keySet())) {
            throw new IllegalArgumentException("variants " + variants.keySet() + " beyond " + weights.keySet());
        }
    }

    SplitConfig orSalt(String byDefault) {
        return key == null
                ? this
                : new SplitConfig(weights, key.orSalt(byDefault), onEmpty, onConflict, onSwitch, variants);
    }

    /** What only the requests of one variant get, after the route's own changes. */
    public record Variant(HeadersConfig headers, RewriteConfig rewrite) {}

    /** Who wins when the file changes a split that has an override. */
    public enum OnConflict {
        FILE,
        OVERRIDE
    }

    /** What becomes of long-lived work on a variant that loses all its traffic. */
    public enum OnSwitch {
        /** It stays where it is until it ends by itself. */
        KEEP,
        /** Its clients are asked to come back, and find another variant. */
        DRAIN
    }

    /** What becomes of a request whose variant has no usable endpoint. */
    public sealed interface OnEmpty {
        /** It goes to the other variants by their weights. */
        record Redistribute() implements OnEmpty {}

        /** It is answered 503. */
        record Fail() implements OnEmpty {}

        /** It goes to this pool, which need not be in the split. */
        record To(String pool) implements OnEmpty {}
    }
}
