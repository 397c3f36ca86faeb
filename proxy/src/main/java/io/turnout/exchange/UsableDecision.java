package io.turnout.exchange;

import io.turnout.model.Outcome;
import io.turnout.routing.Decision;
import io.turnout.routing.OnEmpty;
import io.turnout.snapshot.RoutePlan;
import io.turnout.telemetry.VariantMeter;
import org.jspecify.annotations.Nullable;

/** What becomes of a decision whose pool has nobody to take the request. Called on the loop that decided. */
final class UsableDecision {
    private UsableDecision() {}

    /** The decision itself when its pool can take the request, else what {@code onEmpty} makes of it, else null. */
    static @Nullable Decision of(DataLoop loop, RoutePlan plan, Decision decided, RoutingView view) {
        if (loop.upstreams().pool(decided.pool().id()).isUsable()) {
            return decided;
        }
        Decision redirected = decided.route()
                .redirect(
                        decided,
                        view,
                        loop.draws(),
                        id -> loop.upstreams().pool(id).isUsable());
        if (redirected != null) {
            chargeMeant(plan.targets().get(redirected.chargedSlot()).meter().cell(loop.index()));
            return redirected;
        }
        return isLastResort(loop, decided) ? decided : null;
    }

    /** The variant that was meant failed the request, whoever answers it now. */
    private static void chargeMeant(VariantMeter.Cell meant) {
        meant.onStarted(VariantMeter.Weight.EVIDENCE);
        meant.onCharged();
        meant.onFinished(VariantMeter.Weight.EVIDENCE, Outcome.UNAVAILABLE, 0, -1, 0);
    }

    /** Nobody else can take the request, and its pool has endpoints, though none is known to be healthy. */
    private static boolean isLastResort(DataLoop loop, Decision decided) {
        return !(decided.route().split().onEmpty() instanceof OnEmpty.Fail)
                && loop.upstreams().pool(decided.pool().id()).isLastResort();
    }
}
