package io.turnout.control;

import io.turnout.control.Command.MoveRollout;
import io.turnout.plan.RolloutPlans;
import io.turnout.rollout.Action;
import io.turnout.rollout.Gate;
import io.turnout.rollout.Phase;
import io.turnout.rollout.RolloutEvent;
import io.turnout.rollout.RolloutState;
import io.turnout.rollout.Transition;
import org.jspecify.annotations.Nullable;

/** What time and evidence do to a rollout when nobody commands. Confined to the control thread. */
final class RolloutTicks {
    private final RolloutJudgement judgement;
    private final MirrorWatch mirrors;
    private final RolloutSteps steps;

    RolloutTicks(RolloutJudgement judgement, MirrorWatch mirrors, RolloutSteps steps) {
        this.judgement = judgement;
        this.mirrors = mirrors;
        this.steps = steps;
    }

    /** The command that this moment calls for, if any. */
    @Nullable
    Command on(LiveRollout rollout, World world, long nowNanos) {
        Command move = climb(rollout, world, nowNanos);
        return move != null ? move : heedMirror(rollout);
    }

    private @Nullable Command climb(LiveRollout rollout, World world, long nowNanos) {
        RolloutState before = rollout.state();
        if (!before.isActive() && before.phase() != Phase.SUCCEEDED) {
            return null;
        }
        Transition next = rollout.on(new RolloutEvent.Tick(judgement.of(rollout)), nowNanos);
        if (isWorthAStep(next)) {
            if (next.raises(before) && !judgement.isUsable(rollout, world)) {
                rollout.stumble("pool " + rollout.canary() + " has no usable endpoint");
                return null;
            }
            return rollout.mayMove(nowNanos) ? new MoveRollout(rollout.route(), before, next) : null;
        }
        rollout.stand(next.state());
        steps.ask(rollout, next);
        steps.keep(rollout);
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

    private static boolean isWorthAStep(Transition next) {
        return next.actions().stream()
                .anyMatch(action -> action instanceof Action.SetWeights || action instanceof Action.Emit);
    }
}
