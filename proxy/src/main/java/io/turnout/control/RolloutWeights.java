package io.turnout.control;

import io.turnout.config.RouteConfig;
import io.turnout.control.state.RouteOverride;
import io.turnout.control.state.RouteOverride.Terms;
import io.turnout.rollout.Phase;
import io.turnout.rollout.RolloutPlan;
import io.turnout.rollout.RolloutState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The weights that a rollout wants. Stateless and pure.
 *
 * <p>The rollout moves the share that stable and canary have together in the file; other variants of the split keep theirs.
 * With two pools that is all of it, and the weights are parts per million.
 */
final class RolloutWeights {
    private RolloutWeights() {}

    /** The override for a state; null when the weights are the file's. */
    static @Nullable RouteOverride override(
            RouteConfig route, LiveRollout rollout, RolloutState state, Terms terms, @Nullable RouteOverride before) {
        List<String> reverted = new ArrayList<>(before == null ? List.of() : before.reverted());
        reverted.remove(rollout.canary());
        Phase phase = state.phase();
        if (phase == Phase.PENDING || phase == Phase.SUPERSEDED) {
            return null;
        }
        Map<String, Integer> weights = weights(route, rollout.stable(), rollout.canary(), state.canaryPpm(), reverted);
        if (phase == Phase.REVERTED) {
            reverted.add(rollout.canary());
            return RouteOverride.revert(terms, weights, reverted);
        }
        String from = phase == Phase.SUCCEEDED ? rollout.stable() : null;
        return RouteOverride.rollout(terms, weights, reverted, from);
    }

    /**
     * Weights in which the canary has this part of its and stable's common share.
     *
     * @param reverted pools that get nothing
     */
    static Map<String, Integer> weights(
            RouteConfig route, String stable, String canary, int canaryPpm, List<String> reverted) {
        Map<String, Integer> desired = route.split().weights();
        long sum = desired.values().stream().mapToLong(weight -> weight).sum();
        Map<String, Integer> weights = new LinkedHashMap<>();
        int common = RolloutPlan.WHOLE;
        for (Map.Entry<String, Integer> each : desired.entrySet()) {
            boolean moved = each.getKey().equals(stable) || each.getKey().equals(canary);
            int ppm = moved || reverted.contains(each.getKey())
                    ? 0
                    : (int) ((long) each.getValue() * RolloutPlan.WHOLE / sum);
            weights.put(each.getKey(), ppm);
            common -= ppm;
        }
        int ofCanary = (int) ((long) common * canaryPpm / RolloutPlan.WHOLE);
        weights.put(canary, ofCanary);
        weights.put(stable, common - ofCanary);
        return weights;
    }

    /** The canary's part of the common share that these weights come to, in parts per million; null if that is nothing. */
    static @Nullable Integer canaryPpm(Map<String, Integer> weights, String stable, String canary) {
        long ofCanary = weights.getOrDefault(canary, 0);
        long common = ofCanary + weights.getOrDefault(stable, 0);
        return common == 0 ? null : (int) (ofCanary * RolloutPlan.WHOLE / common);
    }
}
