package io.turnout.control;

import io.turnout.control.Command.AnswerGate;
import io.turnout.control.Command.ClearOverride;
import io.turnout.control.Command.DrainEndpoint;
import io.turnout.control.Command.DrainListener;
import io.turnout.control.Command.ExpireOverride;
import io.turnout.control.Command.FollowAddresses;
import io.turnout.control.Command.MoveRollout;
import io.turnout.control.Command.Reload;
import io.turnout.control.Command.ReportFreeze;
import io.turnout.control.Command.ReportUnreadable;
import io.turnout.control.Command.ResumeEndpoint;
import io.turnout.control.Command.ResumeListener;
import io.turnout.control.Command.RevertVariant;
import io.turnout.control.Command.SetWeights;
import io.turnout.control.Command.SteerRollout;
import io.turnout.control.Command.SwitchTo;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import java.util.concurrent.CompletableFuture;

/** Hands each command to the desk that knows its business. Confined to the control thread. */
final class ControlDesk implements Command.Cases<CommandResult> {
    private final Publisher publisher;
    private final WeightDesk weights;
    private final EndpointDesk endpoints;
    private final ListenerDesk listeners;
    private final ReloadDesk reloads;
    private final RolloutDesk rollouts;
    private final SmokeDesk smoke;

    ControlDesk(
            Publisher publisher,
            WeightDesk weights,
            EndpointDesk endpoints,
            ListenerDesk listeners,
            ReloadDesk reloads,
            RolloutDesk rollouts,
            SmokeDesk smoke) {
        this.publisher = publisher;
        this.weights = weights;
        this.endpoints = endpoints;
        this.listeners = listeners;
        this.reloads = reloads;
        this.rollouts = rollouts;
        this.smoke = smoke;
    }

    /**
     * Begins what a command has to wait for.
     *
     * @return is done when the command may be performed; never fails
     */
    CompletableFuture<Void> prepare(Command command, long nowNanos) {
        if (command instanceof Reload reload) {
            return reloads.prepare(reload, nowNanos);
        }
        return command instanceof SwitchTo to && to.preconditions() == Command.Preconditions.CHECKED
                ? smoke.prepare(to.route(), to.pool())
                : CompletableFuture.completedFuture(null);
    }

    /** Does what the command says, or nothing at all. */
    CommandResult perform(Command command) {
        Long expected = command.cause().expectedGeneration();
        long inForce = publisher.world().generation();
        if (expected != null && expected != inForce) {
            return Refused.of(
                    Kind.CONFLICT_GENERATION,
                    "a command based on generation " + expected,
                    "generation " + inForce + ", the one in force");
        }
        CommandResult result = command.match(this);
        rollouts.refresh();
        return result;
    }

    @Override
    public CommandResult onReload(Reload command) {
        return reloads.reload(command);
    }

    @Override
    public CommandResult onReportUnreadable(ReportUnreadable command) {
        return reloads.reportUnreadable(command);
    }

    @Override
    public CommandResult onSetWeights(SetWeights command) {
        CommandResult steered = rollouts.setWeights(command);
        return steered != null ? steered : weights.setWeights(command);
    }

    @Override
    public CommandResult onSwitchTo(SwitchTo command) {
        return weights.switchTo(command);
    }

    @Override
    public CommandResult onClearOverride(ClearOverride command) {
        return weights.clear(command);
    }

    @Override
    public CommandResult onExpireOverride(ExpireOverride command) {
        return weights.expire(command);
    }

    @Override
    public CommandResult onRevertVariant(RevertVariant command) {
        CommandResult reverted = rollouts.revert(command);
        return reverted != null ? reverted : weights.revert(command);
    }

    @Override
    public CommandResult onReportFreeze(ReportFreeze command) {
        return weights.reportFreeze(command);
    }

    @Override
    public CommandResult onDrainEndpoint(DrainEndpoint command) {
        return endpoints.drain(command);
    }

    @Override
    public CommandResult onResumeEndpoint(ResumeEndpoint command) {
        return endpoints.resume(command);
    }

    @Override
    public CommandResult onDrainListener(DrainListener command) {
        return listeners.drain(command);
    }

    @Override
    public CommandResult onResumeListener(ResumeListener command) {
        return listeners.resume(command);
    }

    @Override
    public CommandResult onFollowAddresses(FollowAddresses command) {
        return reloads.followAddresses(command);
    }

    @Override
    public CommandResult onSteerRollout(SteerRollout command) {
        return rollouts.steer(command);
    }

    @Override
    public CommandResult onMoveRollout(MoveRollout command) {
        return rollouts.move(command);
    }

    @Override
    public CommandResult onAnswerGate(AnswerGate command) {
        return rollouts.answerGate(command);
    }
}
