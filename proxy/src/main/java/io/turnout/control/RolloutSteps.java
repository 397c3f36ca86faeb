package io.turnout.control;

import io.turnout.config.RolloutConfig;
import io.turnout.config.RouteConfig;
import io.turnout.control.CommandResult.Refused;
import io.turnout.control.state.Change;
import io.turnout.control.state.RouteOverride;
import io.turnout.control.state.RouteRollout;
import io.turnout.plan.RolloutPlans;
import io.turnout.rollout.Action;
import io.turnout.rollout.Gate;
import io.turnout.rollout.Phase;
import io.turnout.rollout.RolloutState;
import io.turnout.rollout.Transition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes transitions of rollouts real, each in one step. Confined to the control thread. */
final class RolloutSteps {
    /** Earned time that a crash may cost. */
    private static final long KEPT_NANOS = Duration.ofSeconds(30).toNanos();

    private final Publisher publisher;
    private final GuardDesk guards;
    private final GateAsker gates;
    private final InstantSource clock;

    RolloutSteps(Publisher publisher, GuardDesk guards, GateAsker gates, InstantSource clock) {
        this.publisher = publisher;
        this.guards = guards;
        this.gates = gates;
        this.clock = clock;
    }

    /**
     * Takes a step of a rollout: journal, publish, tell, ask.
     *
     * @param evidence at length, when the guard reverts; else null
     */
    @Nullable
    Refused take(LiveRollout rollout, Transition next, Cause cause, @Nullable String evidence) {
        World world = publisher.world();
        RouteConfig route = world.desired().route(rollout.route());
        if (route == null) {
            throw new AssertionError("a rollout without its route " + rollout.route());
        }
        RolloutState state = next.state();
        RouteRollout kept = RouteRollout.of(state, since(rollout, state));
        List<Effect> effects = effects(route, rollout, next, kept, cause, evidence);
        boolean rescue = state.phase() == Phase.REVERTED;
        Refused refused = publisher.publish(
                rescue ? Step.rescue(world.desired(), effects, cause) : Step.decision(world.desired(), effects, cause));
        if (refused != null) {
            return refused;
        }
        rollout.stand(state, kept);
        for (Action action : next.actions()) {
            if (action instanceof Action.BeginTrial) {
                guards.beginTrial(rollout.route(), rollout.canary(), rollout.stable());
            }
        }
        ask(rollout, next);
        return null;
    }

    private Instant since(LiveRollout rollout, RolloutState next) {
        RolloutState before = rollout.state();
        Instant since = rollout.since();
        boolean same = before.phase() == next.phase()
                && before.rung() == next.rung()
                && before.canaryPpm() == next.canaryPpm();
        return same && since != null ? since : clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private List<Effect> effects(
            RouteConfig route,
            LiveRollout rollout,
            Transition next,
            RouteRollout kept,
            Cause cause,
            @Nullable String evidence) {
        World world = publisher.world();
        RouteOverride before = world.state().overrides().get(route.name());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var terms = new RouteOverride.Terms(
                route.split().weights(),
                cause.actor(),
                cause.source(),
                next.state().note(),
                now);
        RouteOverride after = RolloutWeights.override(route, rollout, next.state(), terms, before);
        var moved = new RolloutEffects.Moved(route, world.weights(route), before, after, kept);
        return RolloutEffects.of(moved, rollout.state(), next, evidence);
    }

    /** Asks what a transition wants to be asked; answers come as commands. */
    void ask(LiveRollout rollout, Transition next) {
        for (Action action : next.actions()) {
            if (action instanceof Action.RequestGate request && request.gate().kind() == Gate.Kind.WEBHOOK) {
                RolloutConfig.Gate webhook = RolloutPlans.gateBefore(rollout.config(), request.canaryPpm());
                if (webhook == null) {
                    throw new AssertionError("a gate that nobody configured: " + request);
                }
                gates.ask(new GateAsker.Question(
                        rollout.route(),
                        request.gate().name(),
                        webhook,
                        rollout.canary(),
                        rollout.stable(),
                        request.canaryPpm()));
            }
        }
    }

    /** Time under test is worth keeping: a step may take days. */
    void keep(LiveRollout rollout) {
        RouteRollout kept = rollout.kept();
        RolloutState state = rollout.state();
        if (kept != null && state.progress().heldNanos() - kept.heldNanos() >= KEPT_NANOS) {
            RouteRollout now = RouteRollout.of(state, kept.since());
            publisher.keep(new Change.RolloutMoved(rollout.route(), now));
            rollout.stand(state, now);
        }
    }
}
