package io.turnout.rollout;

import io.turnout.rollout.Action.Emit;
import io.turnout.rollout.Action.Notice;
import io.turnout.rollout.Action.SetWeights;
import io.turnout.rollout.Assessment.Kind;
import io.turnout.rollout.RolloutEvent.Command;
import io.turnout.rollout.RolloutEvent.GateOpened;
import io.turnout.rollout.RolloutEvent.GateRefused;
import io.turnout.rollout.RolloutEvent.NewRevision;
import io.turnout.rollout.RolloutEvent.Restarted;
import io.turnout.rollout.RolloutEvent.Tick;
import io.turnout.rollout.RolloutEvent.Withdrawn;
import io.turnout.rollout.RolloutState.Asking;
import io.turnout.rollout.RolloutState.GateWait;
import io.turnout.rollout.RolloutState.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * The rollout's state machine: one function. Everything that can happen goes through it, one event at a time, so that a
 * revert and a promotion cannot race. Stateless; the plan is its only field.
 */
public final class RolloutMachine {
    private final RolloutPlan plan;
    private final Climb climb;

    public RolloutMachine(RolloutPlan plan) {
        this.plan = plan;
        climb = new Climb(plan);
    }

    /**
     * The next state and what to do about it.
     *
     * @param nowNanos monotonic time; only differences between the events of one run of the process count
     */
    public Transition on(RolloutState state, RolloutEvent event, long nowNanos) {
        if (event instanceof Tick tick) {
            return onTick(state, tick.assessment(), nowNanos);
        }
        if (event instanceof Command command) {
            return onCommand(state, command, nowNanos);
        }
        if (event instanceof GateOpened opened) {
            return onGateOpened(state, opened);
        }
        if (event instanceof GateRefused refused) {
            return onGateRefused(state, refused);
        }
        if (event instanceof NewRevision revision) {
            return onNewRevision(state, revision);
        }
        if (event instanceof Withdrawn withdrawn) {
            return onWithdrawn(state, withdrawn);
        }
        if (event instanceof Restarted) {
            return onRestarted(state);
        }
        throw new AssertionError(event);
    }

    private Transition onTick(RolloutState state, Assessment assessment, long nowNanos) {
        long elapsed = state.seenNanos() == null ? 0 : Math.max(0, nowNanos - state.seenNanos());
        RolloutState seen = state.seen(nowNanos);
        return switch (state.phase()) {
            case PENDING ->
                plan.start() == RolloutPlan.Start.AUTOMATIC ? begin(seen, "started by itself") : Transition.to(seen);
            case PROGRESSING, PROMOTING ->
                assessment.kind() == Kind.BAD ? revert(seen, assessment.text()) : climb.on(seen, assessment, elapsed);
            case PAUSED -> onTickWhilePaused(seen, assessment);
            case SUCCEEDED -> onTickAfterSuccess(seen, assessment, elapsed);
            case REVERTED, SUPERSEDED -> Transition.to(seen);
        };
    }

    /** Paused is not frozen: the canary has users. */
    private Transition onTickWhilePaused(RolloutState state, Assessment assessment) {
        return assessment.kind() == Kind.BAD && state.canaryPpm() > 0
                ? revert(state, assessment.text())
                : Transition.to(state);
    }

    private Transition onTickAfterSuccess(RolloutState state, Assessment assessment, long elapsed) {
        long since = state.progress().heldNanos();
        if (since > plan.watch().toNanos()) {
            return Transition.to(state);
        }
        return assessment.kind() == Kind.BAD
                ? revert(state, assessment.text())
                : Transition.to(state.withProgress(new Progress(since + elapsed, 0, 0)));
    }

    private Transition onCommand(RolloutState state, Command command, long nowNanos) {
        Verb verb = command.verb();
        if (verb.isDone(state.phase())) {
            return Transition.to(state);
        }
        if (!verb.acts(state.phase())) {
            return Transition.refused(state, verb);
        }
        return switch (verb) {
            case START, RETRY -> begin(state.seen(nowNanos), "started by " + by(command));
            case PAUSE -> pause(state, "paused by " + by(command));
            case RESUME -> resume(state.seen(nowNanos), "resumed by " + by(command));
            case PROMOTE -> promote(state.seen(nowNanos), command);
            case PROMOTE_FULL ->
                climb.enter(state.seen(nowNanos), plan.rungs().size() - 1, "promoted to all traffic by " + by(command));
            case SET_WEIGHT -> setWeight(state, command);
            case REVERT -> revert(state, "reverted by " + by(command));
        };
    }

    private Transition begin(RolloutState state, String note) {
        RolloutState begun = state.at(Phase.PROGRESSING, -1, 0, note);
        var actions = new ArrayList<Action>();
        if (state.phase() == Phase.SUPERSEDED) {
            // The weights were the desired state's meanwhile, whatever they are.
            actions.add(new SetWeights(0));
        }
        actions.add(new Action.BeginTrial());
        actions.add(new Emit(Notice.STARTED, note));
        Transition next = climb.approach(begun, 0);
        actions.addAll(next.actions());
        return new Transition(next.state(), actions, null);
    }

    private static Transition pause(RolloutState state, String note) {
        return Transition.to(state.withPhase(Phase.PAUSED, note), new Emit(Notice.PAUSED, note));
    }

    /** Goes on where it stands; time that passed meanwhile is not credited. */
    private Transition resume(RolloutState state, String note) {
        Progress earned = state.progress();
        Phase phase = state.rung() < 0 ? Phase.PROGRESSING : plan.phaseOn(state.rung());
        RolloutState resumed =
                state.withPhase(phase, note).withProgress(new Progress(earned.heldNanos(), 0, earned.canaryRequests()));
        return Transition.to(resumed, new Emit(Notice.RESUMED, note));
    }

    private Transition promote(RolloutState state, Command command) {
        Integer expected = command.expectedStep();
        if (expected != null && state.rung() > expected) {
            return Transition.to(state);
        }
        return climb.enter(state, plan.nextAbove(state.canaryPpm()), "promoted by " + by(command));
    }

    private Transition setWeight(RolloutState state, Command command) {
        int ppm = command.canaryPpm() == null ? 0 : command.canaryPpm();
        if (state.phase() == Phase.PAUSED && state.canaryPpm() == ppm) {
            return Transition.to(state);
        }
        String note = "set to " + Climb.percent(ppm) + " and paused by " + by(command);
        return Transition.to(
                state.at(Phase.PAUSED, plan.atOrBelow(ppm), ppm, note),
                new SetWeights(ppm),
                new Emit(Notice.PAUSED, note));
    }

    private static Transition revert(RolloutState state, String why) {
        return Transition.to(
                state.at(Phase.REVERTED, state.rung(), 0, why), new SetWeights(0), new Emit(Notice.REVERTED, why));
    }

    private Transition onGateOpened(RolloutState state, GateOpened opened) {
        Gate awaited = state.awaitedGate(plan);
        if (awaited == null || !awaited.name().equals(opened.gate())) {
            return Transition.to(state);
        }
        String note = "gate " + opened.gate() + " opened by " + opened.by();
        RolloutState passed = state.withGates(new GateWait(state.gates().opened() + 1, Asking.NOT_ASKED, 0))
                .withNote(note);
        var told = new Emit(Notice.GATE_OPENED, note);
        if (state.canaryPpm() > 0 || state.phase() == Phase.PAUSED) {
            // Evidence may have changed while the gate took its time: the next tick decides.
            return Transition.to(passed, told);
        }
        Transition next = climb.approach(passed, 0);
        var actions = new ArrayList<Action>(List.of(told));
        actions.addAll(next.actions());
        return new Transition(next.state(), actions, null);
    }

    private Transition onGateRefused(RolloutState state, GateRefused refused) {
        Gate awaited = state.awaitedGate(plan);
        if (awaited == null || !awaited.name().equals(refused.gate())) {
            return Transition.to(state);
        }
        String note = "gate " + refused.gate() + " refused: " + refused.reason();
        return Transition.to(
                state.withGates(new GateWait(state.gates().opened(), Asking.REFUSED, 0))
                        .withNote(note),
                new Emit(Notice.GATE_REFUSED, note));
    }

    private static Transition onNewRevision(RolloutState state, NewRevision event) {
        if (event.revision().equals(state.revision())) {
            return Transition.to(state);
        }
        var actions = new ArrayList<Action>();
        if (state.canaryPpm() > 0) {
            actions.add(new SetWeights(0));
        }
        actions.add(new Action.BeginTrial());
        if (state.isActive()) {
            actions.add(new Emit(Notice.SUPERSEDED, "revision " + state.revision() + " by " + event.revision()));
        }
        return new Transition(RolloutState.pending(event.revision()).seen(state.seenNanos()), actions, null);
    }

    /** Weights are left alone: they are the desired state's again. */
    private static Transition onWithdrawn(RolloutState state, Withdrawn event) {
        return state.phase() == Phase.SUPERSEDED
                ? Transition.to(state)
                : Transition.to(
                        state.withPhase(Phase.SUPERSEDED, event.reason()), new Emit(Notice.SUPERSEDED, event.reason()));
    }

    /** Same rung, same weight, earned time kept; evidence, request counts and questions to gates begin anew. */
    private static Transition onRestarted(RolloutState state) {
        if (state.phase() == Phase.SUPERSEDED) {
            return Transition.to(state.seen(null));
        }
        RolloutState restored = state.seen(null)
                .withProgress(new Progress(state.progress().heldNanos(), 0, 0))
                .withGates(new GateWait(state.gates().opened(), Asking.NOT_ASKED, 0));
        var weights = new SetWeights(state.canaryPpm());
        return state.isActive()
                ? Transition.to(restored, weights, new Action.BeginStep())
                : Transition.to(restored, weights);
    }

    private static String by(Command command) {
        return command.reason().isBlank() ? command.actor() : command.actor() + ": " + command.reason();
    }
}
