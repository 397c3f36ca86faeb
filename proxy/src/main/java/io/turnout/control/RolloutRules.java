package io.turnout.control;

import io.turnout.config.RolloutConfig;
import io.turnout.config.RouteConfig;
import io.turnout.config.TurnoutConfig;
import io.turnout.control.state.Change;
import io.turnout.control.state.RouteOverride;
import io.turnout.control.state.RouteRollout;
import io.turnout.control.state.RunState;
import io.turnout.plan.RolloutPlans;
import io.turnout.rollout.Action.Notice;
import io.turnout.rollout.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of rollouts when the file changes, or when another decision takes their route. Stateless and pure.
 *
 * <p>A rollout on its way is superseded, and the weights are the file's again. One that has ended is forgotten when the file
 * wants another: that one waits to be started, and the weights stay as they are for as long as their override does.
 */
final class RolloutRules {
    private RolloutRules() {}

    /**
     * What a configuration ends, besides the overrides that it ends.
     *
     * @param state before, with the overrides the configuration ends
     * @param ended effects of the overrides that it ends
     */
    static List<Effect> endings(RunState state, List<Effect> ended, TurnoutConfig config, Instant now) {
        RunState after = state.after(
                ended.stream().flatMap(effect -> effect.changes().stream()).toList(), state.generation());
        List<Effect> endings = new ArrayList<>();
        state.rollouts().forEach((name, rollout) -> {
            RouteConfig route = config.routes().stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst()
                    .orElse(null);
            boolean keptWeights = after.overrides().containsKey(name);
            boolean lostWeights = state.overrides().containsKey(name) && !keptWeights;
            String why = conflict(rollout, route, lostWeights);
            if (why != null) {
                endings.add(ending(name, rollout, route, why, now));
                RouteOverride override = after.overrides().get(name);
                if (rollout.phase().isActive() && override != null && override.kind() == RouteOverride.Kind.ROLLOUT) {
                    Map<String, Integer> desired =
                            route == null ? null : route.split().weights();
                    endings.add(OverrideRules.ending(name, override, desired, why));
                }
            }
        });
        return endings;
    }

    private static @Nullable String conflict(RouteRollout rollout, @Nullable RouteConfig route, boolean lostWeights) {
        if (lostWeights) {
            return "the file changed the split";
        }
        RolloutConfig wanted = route == null ? null : route.rollout();
        if (route == null || wanted == null || route.guard() == null) {
            return "the file no longer has the rollout";
        }
        boolean same = RolloutPlans.identity(wanted, Objects.requireNonNull(route.guard()))
                .equals(rollout.identity());
        return same ? null : "the file changed the rollout";
    }

    private static Effect ending(
            String name, RouteRollout rollout, @Nullable RouteConfig route, String why, Instant now) {
        boolean shown = route != null && route.rollout() != null;
        return rollout.phase().isActive() && shown ? supersession(name, rollout, why, now) : oblivion(name, why);
    }

    /**
     * What another decision on the weights of a route does to its rollout.
     *
     * @return null if there is none that it concerns
     */
    static @Nullable Effect displacement(RunState state, String route, String why, Instant now) {
        RouteRollout rollout = state.rollouts().get(route);
        if (rollout == null || rollout.phase() == Phase.SUPERSEDED) {
            return null;
        }
        return rollout.phase().isActive() ? supersession(route, rollout, why, now) : oblivion(route, why);
    }

    private static Effect supersession(String route, RouteRollout rollout, String why, Instant now) {
        Change change = new Change.RolloutMoved(route, rollout.superseded(why, now));
        return new Effect(
                change,
                Notice.SUPERSEDED.label(),
                "route " + route,
                rollout.phase().label(),
                null,
                why);
    }

    private static Effect oblivion(String route, String why) {
        return new Effect(new Change.RolloutForgotten(route), "rollout.ended", "route " + route, null, null, why);
    }
}
