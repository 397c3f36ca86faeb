package io.turnout.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which requests, and where they go.
 *
 * @param name identity in API, metrics and journal
 * @param rules tried in file order before the split; the first that holds forces its pool
 * @param mirrors copies that are sent aside
 * @param guard null when nothing is judged
 * @param rollout null when weights move by hand only
 * @param timeout for a whole exchange, or null for none
 * @param smoke asked of a pool before traffic is switched to it; empty for nothing
 */
public record RouteConfig(
        String name,
        RequestMatch match,
        List<Rule> rules,
        SplitConfig split,
        List<MirrorConfig> mirrors,
        @Nullable GuardConfig guard,
        @Nullable RolloutConfig rollout,
        Retry retry,
        @Nullable Duration timeout,
        HeadersConfig headers,
        RewriteConfig rewrite,
        List<SmokeTest> smoke) {
    public RouteConfig {
        Require.text("route name", name);
        rules = List.copyOf(rules);
        mirrors = List.copyOf(mirrors);
        smoke = List.copyOf(smoke);
        if (timeout != null) {
            Require.positive("route timeout", timeout);
        }
    }

    /** Sends what matches to one pool, whatever the weights. */
    public record Rule(String name, RequestMatch when, String pool) {
        public Rule {
            Require.text("rule name", name);
            Require.text("rule pool", pool);
        }
    }

    /**
     * Further attempts, made only where the first cannot have been acted upon.
     *
     * @param attempts beyond the first, 0 to 10
     * @param budgetPpm share of a pool's recent requests that may be made again, in parts per million
     */
    public record Retry(int attempts, int budgetPpm) {
        public Retry {
            Require.within("retry.attempts", attempts, 0, 10);
            Require.ppm("retry.budget", budgetPpm);
        }
    }
}
