package io.turnout.adminapi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which route, variant and why.
 *
 * @param generation of the routing world that was asked
 * @param routes every route in file order with its fate
 * @param choice what was decided on the chosen route; null if none matches
 */
public record ExplainAnswer(
        long generation,
        List<ConsideredRoute> routes,
        @Nullable Choice choice) {
    public ExplainAnswer {
        routes = List.copyOf(routes);
    }

    /**
     * A route and why it was chosen or not.
     *
     * @param fate {@code chosen}, {@code outranked} or {@code noMatch}
     */
    public record ConsideredRoute(String route, String fate, String why) {}

    /**
     * What the chosen route does.
     *
     * @param rules those that were asked, up to the one that held
     * @param reason why the request goes where it goes, as in metrics and access log
     * @param pool null where the draw is by request: which variant comes next differs from event loop to event loop
     * @param shares what each variant gets
     * @param key null if the key played no part
     */
    public record Choice(
            String route,
            List<AskedRule> rules,
            String reason,
            @Nullable String pool,
            List<Share> shares,
            @Nullable Key key) {
        public Choice {
            rules = List.copyOf(rules);
            shares = List.copyOf(shares);
        }
    }

    /**
     * A rule that was asked.
     *
     * @param failing the condition that failed; null if the rule held
     */
    public record AskedRule(String rule, @Nullable String failing) {}

    /**
     * What a variant gets.
     *
     * @param share 0 to 1
     */
    public record Share(String pool, int weight, double share) {}

    /**
     * The key of the request.
     *
     * @param value as read; or the visitor id that would be minted
     * @param hash 16 lower-case hex digits
     * @param canaryBeginsAt in a split of two: the share, 0 to 1, above which the user is on the canary; else null
     */
    public record Key(
            String source,
            String value,
            boolean minted,
            String salt,
            String hash,
            @Nullable Double canaryBeginsAt) {}
}
