package io.turnout.routing;

import io.turnout.model.DecisionReason;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes and why. Immutable; made when the route is compiled, so that deciding allocates nothing.
 *
 * @param slot place of the pool in {@link Route#targets}; below the number of variants it is the place in the split
 * @param rule name of the rule that forced the pool; null unless the reason is {@link DecisionReason#FORCED}
 * @param chargedSlot the slot the request was meant for. It differs from {@code slot} only if the reason is
 *     {@link DecisionReason#REDIRECTED}; the request then counts as a failure of that slot
 */
public record Decision(
        Route route,
        int slot,
        PoolRef pool,
        DecisionReason reason,
        @Nullable String rule,
        int chargedSlot) {}
