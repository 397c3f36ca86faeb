package io.turnout.routing;

import io.turnout.model.DecisionReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a request would be decided, for people. Immutable.
 *
 * @param routes every route in file order with its fate
 * @param choice what was decided on the chosen route; null if none matches
 */
public record Explanation(
        List<ConsideredRoute> routes, @Nullable Choice choice) {
    public Explanation {
        routes = List.copyOf(routes);
    }

    /** What became of a route. */
    public enum Fate {
        /** It matches and is the most specific. */
        CHOSEN,
        /** It matches, but another one is more specific. */
        OUTRANKED,
        /** It does not match. */
        NO_MATCH
    }

    /** A route and why it was chosen or not, in words. */
    public record ConsideredRoute(String route, Fate fate, String why) {}

    /** A rule that was asked, and the condition that failed; null if it held. */
    public record AskedRule(String rule, @Nullable String failing) {}

    /**
     * What a variant gets.
     *
     * @param share weight over sum of weights, 0 to 1
     */
    public record VariantShare(String variant, int weight, double share) {}

    /**
     * The key of the request.
     *
     * @param value as read, decoded; or the visitor id that would be minted
     * @param hash 16 lower-case hex digits
     * @param canaryBeginsAt in a split of two: the user is on the canary as soon as its share is larger than this (0 to
     *     1); null in other splits
     */
    public record KeyTrace(
            String source,
            String value,
            boolean minted,
            String salt,
            String hash,
            @Nullable Double canaryBeginsAt) {}

    /**
     * @param rules those that were asked, up to the one that held
     * @param reason why the request would go where it goes
     * @param pool null where the draw is by request: which variant comes next differs from event loop to event loop
     * @param key null if the split has no key, if the request brings none, or if the key was not asked
     */
    public record Choice(
            String route,
            List<AskedRule> rules,
            DecisionReason reason,
            @Nullable String pool,
            List<VariantShare> shares,
            @Nullable KeyTrace key) {
        public Choice {
            rules = List.copyOf(rules);
            shares = List.copyOf(shares);
        }
    }
}
