package io.turnout.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the data plane does with the requests of one route beyond choosing their pool. Immutable.
 *
 * @param targets by slot of the routing decision
 * @param retries attempts after the first
 * @param retryBudgetPpm retries running at once as a share of the requests running at once, in parts per million
 * @param totalNanos how long an exchange may take as a whole; 0 for no limit
 * @param matchedPrefixLength octets of the path matched as a prefix, for the rewrite; 0 when the match is of another kind
 * @param visitorCookie name of the cookie in which a minted visitor id is kept, or null
 * @param drainsOnSwitch whether clients with work on a variant that loses all its traffic are asked to come back
 * @param mirrors copies that are sent aside
 */
public record RoutePlan(
        String name,
        List<TargetPlan> targets,
        int retries,
        int retryBudgetPpm,
        long totalNanos,
        int matchedPrefixLength,
        @Nullable String visitorCookie,
        boolean drainsOnSwitch,
        List<MirrorPlan> mirrors) {
    public RoutePlan {
        targets = List.copyOf(targets);
        mirrors = List.copyOf(mirrors);
    }
}
