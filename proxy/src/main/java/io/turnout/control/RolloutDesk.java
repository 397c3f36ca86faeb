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
import io.turnout.control.state.Change;
import io.turnout.control.state.RouteOverride;
import io.turnout.control.state.RouteRollout;
import io.turnout.judge.Verdict;
import io.turnout.model.Ticker;
import io.turnout.plan.RolloutPlans;
import io.turnout.rollout.Action;
import io.turnout.rollout.Assessment;
import io.turnout.rollout.Gate;
import io.turnout.rollout.Phase;
import io.turnout.rollout.Refusal;
import io.turnout.rollout.RolloutEvent;
import io.turnout.rollout.RolloutPlan;
import io.turnout.rollout.RolloutState;
import io.turnout.rollout.Transition;
import io.turnout.rollout.Verb;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
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

    /** Earned time that a crash may cost. */
    private static final long KEPT_NANOS = Duration.ofSeconds(30).toNanos();

    /** A move that could not be journaled is tried again after this long. */
    private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

    private final Publisher publisher;
    private final GuardDesk guards;
    private final GateAsker gates;
    private final MirrorWatch mirrors;
    private final RolloutViews views;
    private final Ticker ticker;
    private final InstantSource clock;
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
        this.guards = guards;
        this.gates = gates;
        this.mirrors = mirrors;
        views = new RolloutViews(rates);
        ticker = setup.ticker();
        clock = setup.clock();
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
            Command move = tick(rollout, world, nowNanos);
            Command byMirror = move == null ? heedMirror(rollout) : null;
            if (move != null || byMirror != null) {
                moves.add(move != null ? move : byMirror);
            }
        }
        if (nowNanos - shownNanos >= SHOWN_NANOS) {
            show(world, nowNanos);
        }
        return moves;
    }

    private @Nullable Command tick(LiveRollout rollout, World world, long nowNanos) {
        RolloutState before = rollout.state();
        if (!before.isActive() && before.phase() != Phase.SUCCEEDED) {
            return null;
        }
        Transition next = rollout.on(new RolloutEvent.Tick(assessment(rollout)), nowNanos);
        if (isWorthAStep(next)) {
            if (goesUp(before, next) && !isUsable(rollout, world)) {
                rollout.stumble("pool " + rollout.canary() + " has no usable endpoint");
                return null;
            }
            return rollout.mayMove(nowNanos) ? new MoveRollout(rollout.route(), before, next) : null;
        }
        rollout.stand(next.state());
        ask(rollout, next);
        keep(rollout);
        return null;
    }

    /** Opens the stage before the first step, or takes the canary back, by what the shadow answered. */
    private @Nullable Command heedMirror(LiveRollout rollout) {
        MirrorWatch.Standing standing = mirrors.of(rollout);
        if (standing == null) {
            return null;
        }
        RolloutState state = rollout.state();
        Gate gate = state.awaitedGate(rollout.plan());
        if (gate != null && gate.kind() == Gate.Kind.MIRROR && state.phase() != Phase.PAUSED) {
            if (standing.isGood()) {
                return new Command.AnswerGate(rollout.route(), gate.name(), true, standing.text());
            }
            rollout.stumble(standing.text());
        } else if (state.canaryPpm() > 0 && standing.bad()) {
            return new Command.RevertVariant(
                    rollout.route(),
                    rollout.canary(),
                    rollout.stable(),
                    standing.text(),
                    Cause.of(RolloutPlans.MIRROR, Cause.SELF).because(standing.text()));
        }
        return null;
    }

    /** What the judge says to the rollout. A bad canary that the guard did not revert keeps its place. */
    private Assessment assessment(LiveRollout rollout) {
        VariantGuard guard = guards.variant(rollout.route(), rollout.canary(), rollout.stable());
        if (guard == null) {
            return new Assessment(Assessment.Kind.INCONCLUSIVE, "the guard has not looked yet", 0);
        }
        long requests = rollout.newRequests(guard.requests());
        Verdict verdict = guard.verdict();
        if (verdict == Verdict.Standing.WATCHING) {
            return new Assessment(Assessment.Kind.FINE, "shown to be fine at this weight", requests);
        }
        boolean held = verdict == Verdict.Standing.SHARED_INCIDENT || verdict instanceof Verdict.Revert;
        Assessment.Kind kind = held ? Assessment.Kind.INCIDENT : Assessment.Kind.INCONCLUSIVE;
        return new Assessment(kind, guard.text(), requests);
    }

    private static boolean isWorthAStep(Transition next) {
        return next.actions().stream()
                .anyMatch(action -> action instanceof Action.SetWeights || action instanceof Action.Emit);
    }

    private static boolean goesUp(RolloutState before, Transition next) {
        return next.state().canaryPpm() > before.canaryPpm();
    }

    private boolean isUsable(LiveRollout rollout, World world) {
        return guards.isUsable(world.pool(rollout.canary()));
    }

    /** Time under test is worth keeping: a step may take days. */
    private void keep(LiveRollout rollout) {
        RouteRollout kept = rollout.kept();
        RolloutState state = rollout.state();
        if (kept != null && state.progress().heldNanos() - kept.heldNanos() >= KEPT_NANOS) {
            RouteRollout now = RouteRollout.of(state, kept.since());
            publisher.keep(new Change.RolloutMoved(rollout.route(), now));
            rollout.stand(state, now);
        }
    }

    CommandResult move(MoveRollout command) {
        LiveRollout rollout = rollouts.get(command.route());
        if (rollout == null || !rollout.state().equals(command.from())) {
            return unchanged("the rollout of route " + command.route() + " stands elsewhere");
        }
        Refused refused = take(rollout, command.next(), command.cause(), null);
        if (refused != null) {
            rollout.fail(ticker.nanos() + RETRY_NANOS);
            return refused;
        }
        return applied(rollout);
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
        Transition through = rollout.after(opened, new RolloutEvent.Tick(assessment(rollout)), now);
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
        if (goesUp(rollout.state(), next) && !isUsable(rollout, publisher.world())) {
            return Refused.of(
                    Kind.NOT_ALLOWED,
                    "pool " + rollout.canary() + " without a usable endpoint",
                    "one that can take the traffic");
        }
        Refused refused = take(rollout, next, cause, null);
        return refused != null ? refused : applied(rollout);
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
        Refused refused = take(rollout, next, command.cause(), null);
        return refused != null ? refused : applied(rollout);
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
        Refused refused = take(rollout, next, command.cause(), command.evidence());
        return refused != null ? refused : applied(rollout);
    }

    /**
     * Takes a step of a rollout: journal, publish, tell, ask.
     *
     * @param evidence at length, when the guard reverts; else null
     */
    private @Nullable Refused take(LiveRollout rollout, Transition next, Cause cause, @Nullable String evidence) {
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
        refresh();
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

    private void ask(LiveRollout rollout, Transition next) {
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

    private void show(World world, long nowNanos) {
        shownNanos = nowNanos;
        Map<String, RolloutStatus> next = new LinkedHashMap<>();
        rollouts.forEach((route, rollout) -> next.put(route, views.of(rollout, world, text(rollout))));
        shown = Map.copyOf(next);
    }

    /** What the judge still lacks, in words; empty when nothing. */
    private String text(LiveRollout rollout) {
        VariantGuard guard = guards.variant(rollout.route(), rollout.canary(), rollout.stable());
        return guard == null || guard.verdict() == Verdict.Standing.WATCHING ? "" : guard.text();
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
