package io.turnout.control;

import io.turnout.adminapi.RolloutStatus;
import io.turnout.config.GuardConfig;
import io.turnout.config.RolloutConfig;
import io.turnout.config.RouteConfig;
import io.turnout.control.Command.AnswerGate;
import io.turnout.control.Command.MoveRollout;
import io.turnout.control.Command.RevertVariant;
import io.turnout.control.Command.SetWeights;
import io.turnout.control.Command.SteerRollout;
import io.turnout.control.CommandResult.Applied;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.model.Ticker;
import io.turnout.plan.RolloutPlans;
import io.turnout.rollout.Action;
import io.turnout.rollout.Assessment;
import io.turnout.rollout.Gate;
import io.turnout.rollout.Phase;
import io.turnout.rollout.Refusal;
import io.turnout.rollout.RolloutEvent;
import io.turnout.rollout.RolloutPlan;
import io.turnout.rollout.Transition;
import io.turnout.rollout.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Drives every rollout: commands, time and evidence go through its state machine one after the other, and what comes out is
 * journaled, published and told in one step. The weights of a rollout are an override that it owns.
 *
 * <p>A bad canary is the guard's to find: its revert comes as a command, between two ticks, and ends the rollout in the same
 * publish.
 *
 * <p>Confined to the control thread, but for {@link #status}, which is safe for any thread: a volatile field of immutable
 * values.
 */
final class RolloutDesk implements Routine {
    /** What is shown without news is made anew this often: it tells of time that passed. */
    private static final long SHOWN_NANOS = Duration.ofSeconds(1).toNanos();

    /** A move that could not be journaled is tried again after this long. */
    private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

    private final Publisher publisher;
    private final RolloutJudgement judgement;
    private final RolloutTicks ticks;
    private final RolloutSteps steps;
    private final RolloutViews views;
    private final Ticker ticker;
    private final Map<String, LiveRollout> rollouts = new LinkedHashMap<>();
    private long knownGeneration;
    private long shownNanos;
    private volatile Map<String, RolloutStatus> shown = Map.of();

    RolloutDesk(
            Publisher publisher,
            GuardDesk guards,
            GateAsker gates,
            MirrorWatch mirrors,
            RequestRates rates,
            ControlSetup setup) {
        this.publisher = publisher;
        judgement = new RolloutJudgement(guards);
        steps = new RolloutSteps(publisher, guards, gates, setup.clock());
        ticks = new RolloutTicks(judgement, mirrors, steps);
        views = new RolloutViews(rates);
        ticker = setup.ticker();
    }

    /** Takes up what was under way when the last process ended. Once, before the control thread runs. */
    void begin() {
        follow(publisher.world(), ticker.nanos());
    }

    /** Where the rollout of a route stands; null if the route has none. Any thread. */
    @Nullable
    RolloutStatus status(String route) {
        return shown.get(route);
    }

    /** Follows the world, so that whoever is told of a change finds it in the status. Cheap when nothing has changed. */
    void refresh() {
        World world = publisher.world();
        if (world.generation() != knownGeneration) {
            follow(world, ticker.nanos());
        }
    }

    private void follow(World world, long nowNanos) {
        Map<String, LiveRollout> next = new LinkedHashMap<>();
        for (RouteConfig route : world.desired().config().routes()) {
            if (route.rollout() != null && route.guard() != null) {
                LiveRollout rollout = rollout(route, route.rollout(), route.guard());
                rollout.adopt(world.state().rollouts().get(route.name()), nowNanos);
                next.put(route.name(), rollout);
            }
        }
        rollouts.clear();
        rollouts.putAll(next);
        knownGeneration = world.generation();
        show(world, nowNanos);
    }

    private LiveRollout rollout(RouteConfig route, RolloutConfig config, GuardConfig guard) {
        LiveRollout known = rollouts.get(route.name());
        if (known != null && known.isWantedBy(config, guard)) {
            return known;
        }
        LiveRollout fresh = new LiveRollout(route.name(), config, guard);
        if (known != null
                && RolloutPlans.identity(config, guard).equals(known.state().revision())) {
            fresh.takeOver(known);
        }
        return fresh;
    }

    @Override
    public List<Command> onTick(long nowNanos) {
        refresh();
        World world = publisher.world();
        List<Command> moves = new ArrayList<>();
        for (LiveRollout rollout : rollouts.values()) {
            Command move = ticks.on(rollout, world, nowNanos);
            if (move != null) {
                moves.add(move);
            }
        }
        if (nowNanos - shownNanos >= SHOWN_NANOS) {
            show(world, nowNanos);
        }
        return moves;
    }

    CommandResult move(MoveRollout command) {
        LiveRollout rollout = rollouts.get(command.route());
        if (rollout == null || !rollout.state().equals(command.from())) {
            return unchanged("the rollout of route " + command.route() + " stands elsewhere");
        }
        CommandResult result = take(rollout, command.next(), command.cause(), null);
        if (result instanceof Refused) {
            rollout.fail(ticker.nanos() + RETRY_NANOS);
        }
        return result;
    }

    CommandResult steer(SteerRollout command) {
        LiveRollout rollout = rollouts.get(command.route());
        if (rollout == null) {
            return withoutRollout(command.route());
        }
        Cause cause = command.cause();
        Integer expected = command.step() == null ? null : command.step() - 1;
        String reason = cause.reason() == null ? "" : cause.reason();
        var event = new RolloutEvent.Command(command.verb(), null, expected, cause.actor(), reason);
        return command.verb() == Verb.PROMOTE && awaitsApproval(rollout)
                ? approve(rollout, cause)
                : carryOut(rollout, event, cause);
    }

    private static boolean awaitsApproval(LiveRollout rollout) {
        Gate gate = rollout.state().awaitedGate(rollout.plan());
        return rollout.state().phase() != Phase.PAUSED && gate != null && gate.kind() == Gate.Kind.APPROVAL;
    }

    /** Opens the gate, and goes through it at once if the evidence still allows. */
    private CommandResult approve(LiveRollout rollout, Cause cause) {
        long now = ticker.nanos();
        String by = cause.actor() + (cause.reason() == null ? "" : ": " + cause.reason());
        Transition opened = rollout.on(new RolloutEvent.GateOpened(RolloutPlans.APPROVAL, by), now);
        Transition through = rollout.after(opened, new RolloutEvent.Tick(judgement.of(rollout)), now);
        List<Action> actions = new ArrayList<>(opened.actions());
        actions.addAll(through.actions());
        return done(rollout, new Transition(through.state(), actions, null), cause);
    }

    private CommandResult carryOut(LiveRollout rollout, RolloutEvent.Command event, Cause cause) {
        Transition next = rollout.on(event, ticker.nanos());
        Refusal refusal = next.refusal();
        if (refusal != null) {
            return Refused.of(
                    Kind.WRONG_PHASE,
                    refusal.verb().label() + " of a rollout that is "
                            + refusal.phase().label(),
                    Words.oneOf(refusal.allowed().stream().map(Verb::label).toList()));
        }
        if (next.actions().isEmpty()) {
            return unchanged("the rollout of route " + rollout.route() + " is "
                    + rollout.state().phase().label() + " already");
        }
        return done(rollout, next, cause);
    }

    private CommandResult done(LiveRollout rollout, Transition next, Cause cause) {
        if (next.raises(rollout.state()) && !judgement.isUsable(rollout, publisher.world())) {
            return Refused.of(
                    Kind.NOT_ALLOWED,
                    "pool " + rollout.canary() + " without a usable endpoint",
                    "one that can take the traffic");
        }
        return take(rollout, next, cause, null);
    }

    /**
     * Weights by hand while a rollout is on its way go through it, and pause it there.
     *
     * @return null if the weights are not the rollout's business
     */
    @Nullable
    CommandResult setWeights(SetWeights command) {
        LiveRollout rollout = rollouts.get(command.route());
        if (rollout == null || !rollout.state().isActive() || command.ttl() != null) {
            return null;
        }
        Integer ppm = ppmOf(command.weights(), rollout);
        if (ppm == null) {
            return null;
        }
        var event = RolloutEvent.Command.setWeight(
                ppm,
                command.cause().actor(),
                command.cause().reason() == null ? "" : command.cause().reason());
        return carryOut(rollout, event, command.cause());
    }

    /** The canary's share that these weights give it; null when they say more than that, or cannot be used. */
    private @Nullable Integer ppmOf(Map<String, Integer> weights, LiveRollout rollout) {
        RouteConfig route = publisher.world().desired().route(rollout.route());
        for (Map.Entry<String, Integer> weight : weights.entrySet()) {
            boolean known =
                    weight.getKey().equals(rollout.stable()) || weight.getKey().equals(rollout.canary());
            // What comes from JSON may be null, whatever the type says.
            Integer given = weight.getValue();
            if (!known || given == null || given < 0 || given > RolloutPlan.WHOLE) {
                return null;
            }
        }
        boolean two = route != null && route.split().weights().size() == 2;
        Integer ppm = two ? RolloutWeights.canaryPpm(weights, rollout.stable(), rollout.canary()) : null;
        return ppm == null || ppm == RolloutPlan.WHOLE ? null : ppm;
    }

    CommandResult answerGate(AnswerGate command) {
        LiveRollout rollout = rollouts.get(command.route());
        if (rollout == null) {
            return withoutRollout(command.route());
        }
        RolloutEvent event = command.opened()
                ? new RolloutEvent.GateOpened(command.gate(), command.text())
                : new RolloutEvent.GateRefused(command.gate(), command.text());
        Transition next = rollout.on(event, ticker.nanos());
        if (next.actions().isEmpty()) {
            return unchanged("gate " + command.gate() + " of route " + command.route() + " is not waited for");
        }
        return take(rollout, next, command.cause(), null);
    }

    /**
     * The guard has found the canary of a rollout to be bad: it loses its traffic, and the rollout ends.
     *
     * @return null if the variant is not on trial by a rollout
     */
    @Nullable
    CommandResult revert(RevertVariant command) {
        LiveRollout rollout = rollouts.get(command.route());
        boolean ours = rollout != null
                && command.pool().equals(rollout.canary())
                && (rollout.state().isActive() || rollout.state().phase() == Phase.SUCCEEDED)
                && rollout.state().canaryPpm() > 0;
        if (rollout == null || !ours) {
            return null;
        }
        long now = ticker.nanos();
        String why = command.cause().reason() == null
                ? command.evidence()
                : command.cause().reason();
        Transition next = rollout.on(new RolloutEvent.Tick(new Assessment(Assessment.Kind.BAD, why, 0)), now);
        if (next.state().phase() != Phase.REVERTED) {
            // The guard watched for a moment longer than the rollout did.
            next = rollout.on(
                    RolloutEvent.Command.of(Verb.REVERT, command.cause().actor(), why), now);
        }
        return take(rollout, next, command.cause(), command.evidence());
    }

    private void show(World world, long nowNanos) {
        shownNanos = nowNanos;
        Map<String, RolloutStatus> next = new LinkedHashMap<>();
        rollouts.forEach((route, rollout) -> next.put(route, views.of(rollout, world, judgement.text(rollout))));
        shown = Map.copyOf(next);
    }

    private CommandResult take(LiveRollout rollout, Transition next, Cause cause, @Nullable String evidence) {
        Refused refused = steps.take(rollout, next, cause, evidence);
        if (refused != null) {
            return refused;
        }
        refresh();
        return applied(rollout);
    }

    private Applied applied(LiveRollout rollout) {
        String summary = "rollout of route " + rollout.route() + " is "
                + rollout.state().phase().label() + ": " + rollout.state().note();
        return new Applied(publisher.world().generation(), true, summary, List.of());
    }

    private Applied unchanged(String summary) {
        return new Applied(publisher.world().generation(), false, summary, List.of());
    }

    private Refused withoutRollout(String name) {
        List<RouteConfig> routes = publisher.world().desired().config().routes();
        boolean exists = routes.stream().anyMatch(route -> route.name().equals(name));
        return exists
                ? Refused.of(
                        Kind.NOT_ALLOWED, "route " + name + ", which has no rollout", "a route with a rollout block")
                : Refused.of(
                        Kind.UNKNOWN_ROUTE,
                        "route " + name,
                        Words.oneOf(routes.stream().map(RouteConfig::name).toList()));
    }
}
