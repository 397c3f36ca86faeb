package io.turnout.cli;

import io.turnout.config.GuardConfig;
import io.turnout.config.PoolConfig;
import io.turnout.config.RolloutConfig;
import io.turnout.config.RouteConfig;
import io.turnout.config.TurnoutConfig;
import io.turnout.judge.JudgePlan;
import io.turnout.judge.LatencyLimit;
import io.turnout.judge.Thresholds;
import io.turnout.judge.plan.Scenario.End;
import io.turnout.judge.plan.Scenario.PlannedStep;
import io.turnout.rollout.RolloutPlan;
import io.turnout.rollout.Rung;
import java.time.Duration;
import java.util.ArrayList;
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

    /** The catastrophe rule is off: so many first requests that all fail never come. */
    private static final int NEVER = Integer.MAX_VALUE;

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
        GuardConfig.Comparison compare = guard.compare();
        JudgePlan byDefault = JudgePlan.DEFAULT;
        return new JudgePlan(
                compare == null ? JudgePlan.Comparison.OFF : JudgePlan.Comparison.ERRORS_AND_LATENCY,
                route.split().key() == null ? JudgePlan.Arms.WEIGHTED : JudgePlan.Arms.KEYED,
                compare == null ? byDefault.toleratedRatio() : compare.rho(),
                compare == null ? byDefault.toleratedExcess() : compare.deltaPpm() / PPM,
                byDefault.falseAlarmBudget(),
                errorLimit(),
                compare == null ? byDefault.singleHostDispersion() : compare.dispersion(),
                null,
                thresholds(),
                guard.catastrophe() ? byDefault.catastropheAfter() : NEVER);
    }

    private double errorLimit() {
        Integer max = guard.errorRateMaxPpm();
        return max == null || max == 0 || max >= PPM ? JudgePlan.DEFAULT.errorLimit() : max / PPM;
    }

    private @Nullable Thresholds thresholds() {
        Integer max = guard.errorRateMaxPpm();
        if (max == null && guard.latency().isEmpty()) {
            return null;
        }
        List<LatencyLimit> limits = new ArrayList<>();
        add(limits, "p50", .5, guard.latency().p50());
        add(limits, "p90", .9, guard.latency().p90());
        add(limits, "p99", .99, guard.latency().p99());
        add(limits, "p99.9", .999, guard.latency().p999());
        return new Thresholds(
                max == null ? null : max / PPM, limits, guard.window(), guard.minRequests(), guard.consecutive());
    }

    private static void add(List<LatencyLimit> limits, String label, double level, @Nullable Duration limit) {
        if (limit != null) {
            limits.add(new LatencyLimit(label, level, limit.toNanos() / 1_000));
        }
    }

    /** The way up, begun at once; nobody keeps a gate shut. */
    RolloutPlan rolloutPlan() {
        List<Rung> rungs = new ArrayList<>();
        for (RolloutConfig.Step step : rollout.steps()) {
            if (step.weightPpm() < RolloutPlan.WHOLE) {
                rungs.add(Rung.step(step.weightPpm(), step.hold()).withMinRequests(step.minRequests()));
            }
        }
        int steps = rungs.size();
        RolloutConfig.Control control = rollout.control();
        int controlled = RolloutPlan.WHOLE - control.weightPpm();
        boolean room = steps == 0 || rungs.get(steps - 1).canaryPpm() < controlled;
        if (room && !control.hold().isZero()) {
            rungs.add(new Rung(controlled, control.hold(), 0, List.of(), Rung.Proof.WAIVED));
        }
        rungs.add(new Rung(RolloutPlan.WHOLE, Duration.ZERO, 0, List.of(), Rung.Proof.WAIVED));
        return new RolloutPlan(rungs, steps, RolloutPlan.Start.AUTOMATIC, guard.watch());
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
