package io.turnout.cli;

import io.turnout.config.GuardConfig;
import io.turnout.config.PoolConfig;
import io.turnout.config.RolloutConfig;
import io.turnout.config.RouteConfig;
import io.turnout.config.TurnoutConfig;
import io.turnout.judge.JudgePlan;
import io.turnout.judge.plan.Scenario.End;
import io.turnout.judge.plan.Scenario.PlannedStep;
import io.turnout.plan.JudgePlans;
import io.turnout.plan.RolloutPlans;
import io.turnout.rollout.RolloutPlan;
import io.turnout.rollout.Rung;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A route that has a guard and a rollout, as the judge and the rollout's state machine see it. Immutable.
 *
 * @param stableHosts endpoints of the trusted pool, as the file names them
 * @param canaryHosts endpoints of the pool on trial
 */
record JudgedRoute(RouteConfig route, GuardConfig guard, RolloutConfig rollout, int stableHosts, int canaryHosts) {
    private static final double PPM = RolloutPlan.WHOLE;

    /**
     * The route of this name or, without a name, the only one that has a rollout.
     *
     * @throws CommandFailure when there is none, or more than one to choose from
     */
    static JudgedRoute of(TurnoutConfig config, @Nullable String name) throws CommandFailure {
        List<RouteConfig> judged = config.routes().stream()
                .filter(route -> route.guard() != null && route.rollout() != null)
                .toList();
        List<String> names = judged.stream().map(RouteConfig::name).toList();
        if (name == null) {
            if (judged.size() == 1) {
                return of(config, judged.get(0));
            }
            throw judged.isEmpty()
                    ? refusal("no route has a guard and a rollout")
                    : new CommandFailure(
                            ExitCode.USAGE,
                            "found several routes with a guard and a rollout, expected --route with one of "
                                    + String.join(", ", names));
        }
        int index = names.indexOf(name);
        if (index >= 0) {
            return of(config, judged.get(index));
        }
        boolean exists = config.routes().stream().anyMatch(route -> route.name().equals(name));
        String found = exists ? "route " + name + " has no guard and rollout" : "there is no route " + name;
        throw refusal(found + "; routes that have both: " + (names.isEmpty() ? "none" : String.join(", ", names)));
    }

    private static JudgedRoute of(TurnoutConfig config, RouteConfig route) {
        GuardConfig guard = Objects.requireNonNull(route.guard());
        RolloutConfig rollout = Objects.requireNonNull(route.rollout());
        PoolConfig stable = config.pool(guard.stable());
        PoolConfig canary = config.pool(rollout.canary());
        return new JudgedRoute(
                route,
                guard,
                rollout,
                stable.endpoints().size(),
                canary.endpoints().size());
    }

    private static CommandFailure refusal(String message) {
        return new CommandFailure(ExitCode.NEGATIVE, message);
    }

    /** How the running guard would judge this route. */
    JudgePlan judgePlan() {
        return JudgePlans.of(route, guard);
    }

    /** The way up, begun at once; nobody keeps a gate shut. */
    RolloutPlan rolloutPlan() {
        return RolloutPlans.withoutGates(rollout, guard);
    }

    /**
     * All rungs on which stable still serves. A least number of requests is a least time at this rate.
     *
     * @return empty when the canary gets all traffic at once
     */
    List<PlannedStep> plannedSteps(double requestsPerSecond) {
        return rolloutPlan().rungs().stream()
                .filter(rung -> rung.canaryPpm() < RolloutPlan.WHOLE)
                .map(rung -> plannedStep(rung, requestsPerSecond))
                .toList();
    }

    private static PlannedStep plannedStep(Rung rung, double requestsPerSecond) {
        double weight = rung.canaryPpm() / PPM;
        double hold = Math.max(rung.hold().toNanos() / 1e9, rung.minRequests() / (requestsPerSecond * weight));
        return new PlannedStep(weight, hold, rung.proof() == Rung.Proof.REQUIRED ? End.EVIDENCE : End.CLOCK);
    }
}
