package io.turnout.exchange;

import io.turnout.http.RequestHead;
import io.turnout.snapshot.RoutePlan;
import io.turnout.snapshot.TargetPlan;

/** Applies a plan's changes to heads. Stateless. */
final class HeadEdits {
    private HeadEdits() {}

    static void apply(RoutePlan route, TargetPlan target, RequestHead head) {
        target.requestEdits().applyTo(head.fields());
        String prefix = target.pathPrefix();
        if (prefix != null) {
            head.rewritePrefix(route.matchedPrefixLength(), prefix);
        }
        String authority = target.authority();
        if (authority != null) {
            head.rewriteAuthority(authority);
        }
    }
}
