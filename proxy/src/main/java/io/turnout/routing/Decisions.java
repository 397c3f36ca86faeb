package io.turnout.routing;

import io.turnout.model.DecisionReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every decision a route can come to, made beforehand. Immutable. */
final class Decisions {
    private final List<PoolRef> targets;
    private final Decision[] keyed;
    private final Decision[] keyless;
    private final Decision[] weighted;
    private final Decision[] only;
    private final Decision[] forced;
    private final Decision[][] redirected;

    Decisions(Route route, RouteSpec spec) {
        targets = targetsOf(spec);
        keyed = each(route, DecisionReason.KEYED, spec.split());
        keyless = each(route, DecisionReason.KEYLESS, spec.split());
        weighted = each(route, DecisionReason.WEIGHTED, spec.split());
        only = each(route, DecisionReason.ONLY, spec.split());
        forced = spec.rules().stream()
                .map(rule -> decision(route, slotOf(rule.pool()), DecisionReason.FORCED, rule.name()))
                .toArray(Decision[]::new);
        redirected = redirections(route, spec.split());
    }

    List<PoolRef> targets() {
        return targets;
    }

    Decision keyed(int variant) {
        return keyed[variant];
    }

    Decision keyless(int variant) {
        return keyless[variant];
    }

    Decision weighted(int variant) {
        return weighted[variant];
    }

    Decision only(int variant) {
        return only[variant];
    }

    Decision forced(int rule) {
        return forced[rule];
    }

    Decision redirected(int meant, int slot) {
        return redirected[meant][slot];
    }

    /** The place of a pool among the targets, or -1. */
    int slotOf(PoolRef pool) {
        return targets.indexOf(pool);
    }

    private Decision[] each(Route route, DecisionReason reason, Split split) {
        var decisions = new Decision[split.variants().size()];
        for (int i = 0; i < decisions.length; i++) {
            decisions[i] = decision(route, i, reason, null);
        }
        return decisions;
    }

    private Decision decision(Route route, int slot, DecisionReason reason, @Nullable String rule) {
        return new Decision(route, slot, targets.get(slot), reason, rule, slot);
    }

    private Decision[][] redirections(Route route, Split split) {
        var decisions = new Decision[split.variants().size()][targets.size()];
        for (int meant = 0; meant < decisions.length; meant++) {
            for (int slot = 0; slot < targets.size(); slot++) {
                decisions[meant][slot] =
                        new Decision(route, slot, targets.get(slot), DecisionReason.REDIRECTED, null, meant);
            }
        }
        return decisions;
    }

    /** The variants in their order, then what rules and {@code onEmpty} name besides them. */
    private static List<PoolRef> targetsOf(RouteSpec spec) {
        var pools = new ArrayList<PoolRef>();
        spec.split().variants().forEach(variant -> pools.add(variant.pool()));
        for (Rule rule : spec.rules()) {
            addIfAbsent(pools, rule.pool());
        }
        if (spec.split().onEmpty() instanceof OnEmpty.Divert divert) {
            addIfAbsent(pools, divert.pool());
        }
        return List.copyOf(pools);
    }

    private static void addIfAbsent(List<PoolRef> pools, PoolRef pool) {
        if (!pools.contains(pool)) {
            pools.add(pool);
        }
    }
}
