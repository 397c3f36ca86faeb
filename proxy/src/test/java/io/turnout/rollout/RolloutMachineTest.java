package io.turnout.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnout.rollout.Action.BeginStep;
import io.turnout.rollout.Action.BeginTrial;
import io.turnout.rollout.Action.Emit;
import io.turnout.rollout.Action.Notice;
import io.turnout.rollout.Action.RequestGate;
import io.turnout.rollout.Action.SetWeights;
import io.turnout.rollout.Assessment.Kind;
import io.turnout.rollout.RolloutEvent.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutMachineTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Duration HOLD = Duration.ofSeconds(60);

    private final List<Action> actions = new ArrayList<>();
    private RolloutPlan plan = plan(RolloutPlan.Control.SKIPPED, Rung.step(10_000, HOLD), Rung.step(100_000, HOLD));
    private RolloutState state = RolloutState.pending("v2");
    private long now = 500 * SECOND;

    @Test
    void climbsStepByStepOnEvidenceAndHold() {
        command(Verb.START);
        assertThat(actions).contains(new BeginTrial(), new SetWeights(10_000));
        ticks(59, Kind.FINE);
        assertThat(state.canaryPpm()).isEqualTo(10_000);
        ticks(2, Kind.FINE);
        assertThat(state.canaryPpm()).isEqualTo(100_000);
        ticks(62, Kind.FINE);
        assertThat(state.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(state.canaryPpm()).isEqualTo(RolloutPlan.WHOLE);
        assertThat(notices()).containsExactly(Notice.STARTED, Notice.STEP, Notice.STEP, Notice.SUCCEEDED);
    }

    @Test
    void holdsWhileInconclusiveHoweverLongAndSaysWhy() {
        command(Verb.START);
        ticks(10_000, Kind.INCONCLUSIVE);
        assertThat(state.canaryPpm()).isEqualTo(10_000);
        assertThat(state.note()).isEqualTo("INCONCLUSIVE");
        ticks(1, Kind.FINE);
        assertThat(state.canaryPpm()).isEqualTo(100_000);
    }

    @Test
    void silenceIsNotTimeUnderTest() {
        command(Verb.START);
        for (int i = 0; i < 1000; i++) {
            tick(SECOND, Kind.FINE, 0);
        }
        assertThat(state.progress().heldNanos()).isZero();
        tick(SECOND, Kind.FINE, 1);
        assertThat(state.progress().heldNanos())
                .as("at most ten seconds for a gap")
                .isEqualTo(10 * SECOND);
    }

    @Test
    void rareAnswersStillEarnTheTimeBetweenThem() {
        command(Verb.START);
        for (int i = 0; i < 50; i++) {
            tick(SECOND, Kind.FINE, i % 10 == 9 ? 1 : 0);
        }
        assertThat(state.progress().heldNanos()).isEqualTo(50 * SECOND);
    }

    @Test
    void incidentFreezesTheHold() {
        command(Verb.START);
        ticks(30, Kind.FINE);
        long held = state.progress().heldNanos();
        ticks(100, Kind.INCIDENT);
        assertThat(state.progress().heldNanos()).isEqualTo(held);
        assertThat(state.phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(state.canaryPpm()).isEqualTo(10_000);
    }

    @Test
    void waitsForTheRequestsAStepAsksFor() {
        plan = plan(
                RolloutPlan.Control.SKIPPED, Rung.step(10_000, Duration.ZERO).withMinRequests(100));
        command(Verb.START);
        ticks(9, Kind.FINE);
        assertThat(state.note()).isEqualTo("90 of 100 canary requests");
        ticks(1, Kind.FINE);
        assertThat(state.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void breachRevertsInOneTickFromEveryActivePhase() {
        for (Phase phase : List.of(Phase.PROGRESSING, Phase.PAUSED, Phase.PROMOTING)) {
            reach(phase);
            actions.clear();
            ticks(1, Kind.BAD);
            assertThat(state.phase()).as("from %s", phase).isEqualTo(Phase.REVERTED);
            assertThat(actions).containsExactly(new SetWeights(0), new Emit(Notice.REVERTED, "BAD"));
        }
    }

    @Test
    void revertLatchesThroughTicksGatesAndRestart() {
        reach(Phase.REVERTED);
        ticks(1000, Kind.FINE);
        send(new RolloutEvent.GateOpened("g", "x"));
        send(new RolloutEvent.Restarted());
        send(new RolloutEvent.NewRevision("v2"));
        ticks(1000, Kind.FINE);
        assertThat(state.phase()).isEqualTo(Phase.REVERTED);
        assertThat(state.canaryPpm()).isZero();
    }

    @Test
    void retryBeginsAtTheFirstStepWithNewEvidence() {
        reach(Phase.REVERTED);
        actions.clear();
        command(Verb.RETRY);
        assertThat(state.phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(actions).contains(new BeginTrial(), new SetWeights(10_000));
        assertThat(state.progress()).isEqualTo(RolloutState.Progress.NONE);
    }

    @Test
    void keepsAControlShareForTenMinutesBeforeTheEnd() {
        plan = plan(RolloutPlan.Control.KEPT, Rung.step(10_000, HOLD), Rung.step(1_000_000, HOLD));
        command(Verb.START);
        ticks(60, Kind.FINE);
        assertThat(state.phase()).isEqualTo(Phase.PROMOTING);
        assertThat(state.canaryPpm()).isEqualTo(950_000);
        ticks(599, Kind.INCONCLUSIVE);
        assertThat(state.phase()).isEqualTo(Phase.PROMOTING);
        ticks(1, Kind.INCONCLUSIVE);
        assertThat(state.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void breachWithinTheWatchAfterSuccessRevertsAndLaterDoesNot() {
        reach(Phase.SUCCEEDED);
        ticks(100, Kind.FINE);
        ticks(1, Kind.BAD);
        assertThat(state.phase()).isEqualTo(Phase.REVERTED);
        reach(Phase.SUCCEEDED);
        ticks(700, Kind.FINE);
        ticks(1, Kind.BAD);
        assertThat(state.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void pausedDoesNotAdvanceNorEarn() {
        command(Verb.START);
        ticks(30, Kind.FINE);
        command(Verb.PAUSE);
        long held = state.progress().heldNanos();
        ticks(1000, Kind.FINE);
        assertThat(state.phase()).isEqualTo(Phase.PAUSED);
        command(Verb.RESUME);
        assertThat(state.progress().heldNanos()).isEqualTo(held);
        ticks(1, Kind.FINE);
        assertThat(state.progress().heldNanos()).isEqualTo(held + SECOND);
    }

    @Test
    void gateHoldsTheNextStepUntilOpenedAndTheEvidenceStillStands() {
        var approval = new Gate("release manager", Gate.Kind.APPROVAL);
        plan = plan(
                RolloutPlan.Control.SKIPPED,
                Rung.step(10_000, HOLD),
                Rung.step(100_000, HOLD).withGates(approval));
        command(Verb.START);
        ticks(62, Kind.FINE);
        assertThat(actions).contains(new RequestGate(approval, 100_000));
        assertThat(state.awaitedGate(plan)).isEqualTo(approval);
        ticks(1000, Kind.FINE);
        assertThat(actions.stream().filter(RequestGate.class::isInstance)).hasSize(1);
        send(new RolloutEvent.GateOpened("another gate", "eve"));
        ticks(5, Kind.FINE);
        assertThat(state.canaryPpm()).isEqualTo(10_000);
        send(new RolloutEvent.GateOpened("release manager", "ann"));
        ticks(5, Kind.INCONCLUSIVE);
        assertThat(state.canaryPpm()).isEqualTo(10_000);
        ticks(1, Kind.FINE);
        assertThat(state.canaryPpm()).isEqualTo(100_000);
    }

    @Test
    void gatesOfTheFirstStepComeBeforeAnyTraffic() {
        var hook = new Gate("hook", Gate.Kind.WEBHOOK);
        var approval = new Gate("approval", Gate.Kind.APPROVAL);
        plan = plan(RolloutPlan.Control.SKIPPED, Rung.step(10_000, HOLD).withGates(hook, approval));
        command(Verb.START);
        assertThat(state.canaryPpm()).isZero();
        send(new RolloutEvent.GateOpened("hook", "hook"));
        assertThat(state.awaitedGate(plan)).isEqualTo(approval);
        send(new RolloutEvent.GateOpened("approval", "ann"));
        assertThat(state.canaryPpm()).isEqualTo(10_000);
    }

    @Test
    void refusedOrSilentWebhookIsAskedAgain() {
        var hook = new Gate("hook", Gate.Kind.WEBHOOK);
        plan = plan(RolloutPlan.Control.SKIPPED, Rung.step(10_000, HOLD).withGates(hook));
        command(Verb.START);
        send(new RolloutEvent.GateRefused("hook", "503"));
        ticks(9, Kind.INCONCLUSIVE);
        assertThat(requests()).isEqualTo(1);
        ticks(2, Kind.INCONCLUSIVE);
        assertThat(requests()).isEqualTo(2);
        ticks(61, Kind.INCONCLUSIVE);
        assertThat(requests()).isEqualTo(3);
        assertThat(state.canaryPpm()).isZero();
    }

    @Test
    void lastGatesAreAwaitedWhilePromoting() {
        var approval = new Gate("approval", Gate.Kind.APPROVAL);
        plan = plan(
                RolloutPlan.Control.SKIPPED,
                Rung.step(10_000, HOLD),
                Rung.step(1_000_000, Duration.ZERO).withGates(approval));
        command(Verb.START);
        ticks(62, Kind.FINE);
        assertThat(state.phase()).isEqualTo(Phase.PROMOTING);
        assertThat(state.canaryPpm()).isEqualTo(10_000);
        send(new RolloutEvent.GateOpened("approval", "ann"));
        ticks(1, Kind.FINE);
        assertThat(state.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void promoteGoesOneStepAndARepeatOfItNotTwo() {
        command(Verb.START);
        var once = new Command(Verb.PROMOTE, null, 0, "ann", "");
        send(once);
        assertThat(state.rung()).isEqualTo(1);
        send(once);
        assertThat(state.rung()).isEqualTo(1);
        command(Verb.PROMOTE_FULL);
        assertThat(state.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void setWeightPausesThereAndResumeGoesOnUpwards() {
        command(Verb.START);
        send(Command.setWeight(50_000, "ann", "look closer"));
        assertThat(state.phase()).isEqualTo(Phase.PAUSED);
        assertThat(actions).contains(new SetWeights(50_000));
        assertThat(state.note()).isEqualTo("set to 5 % and paused by ann: look closer");
        command(Verb.RESUME);
        assertThat(state.canaryPpm()).isEqualTo(50_000);
        ticks(62, Kind.FINE);
        assertThat(state.canaryPpm()).isEqualTo(100_000);
    }

    @Test
    void weightBelowTheFirstStepStillNeedsEvidenceToRise() {
        command(Verb.START);
        send(Command.setWeight(5_000, "ann", ""));
        command(Verb.RESUME);
        ticks(100, Kind.INCONCLUSIVE);
        assertThat(state.canaryPpm()).isEqualTo(5_000);
        ticks(1, Kind.FINE);
        assertThat(state.canaryPpm()).isEqualTo(10_000);
    }

    @Test
    void restartResumesTheStepWithEvidenceAnewAndNoCreditForTheTimeAway() {
        command(Verb.START);
        ticks(40, Kind.FINE);
        long held = state.progress().heldNanos();
        actions.clear();
        send(new RolloutEvent.Restarted());
        assertThat(actions).containsExactly(new SetWeights(10_000), new BeginStep());
        now = -7_000_000 * SECOND;
        ticks(1, Kind.FINE);
        assertThat(state.progress().heldNanos()).isEqualTo(held);
        assertThat(state.progress().canaryRequests()).isEqualTo(10);
        ticks(1, Kind.FINE);
        assertThat(state.progress().heldNanos()).isEqualTo(held + SECOND);
    }

    @Test
    void restartWhileWaitingAsksTheGateAgain() {
        plan = plan(
                RolloutPlan.Control.SKIPPED, Rung.step(10_000, HOLD).withGates(new Gate("hook", Gate.Kind.WEBHOOK)));
        command(Verb.START);
        send(new RolloutEvent.Restarted());
        ticks(1, Kind.INCONCLUSIVE);
        assertThat(requests()).isEqualTo(2);
    }

    @Test
    void newRevisionSupersedesAndWaitsToBeStarted() {
        reach(Phase.PROGRESSING);
        actions.clear();
        send(new RolloutEvent.NewRevision("v3"));
        assertThat(state.phase()).isEqualTo(Phase.PENDING);
        assertThat(state.revision()).isEqualTo("v3");
        assertThat(actions).contains(new SetWeights(0), new BeginTrial());
        assertThat(notices()).containsExactly(Notice.SUPERSEDED);
    }

    @Test
    void newRevisionIsAWayOutOfARevert() {
        reach(Phase.REVERTED);
        send(new RolloutEvent.NewRevision("v3"));
        command(Verb.START);
        assertThat(state.canaryPpm()).isEqualTo(10_000);
    }

    @Test
    void automaticStartNeedsNoCommand() {
        plan = RolloutPlan.of(
                List.of(Rung.step(10_000, HOLD)),
                RolloutPlan.Control.SKIPPED,
                RolloutPlan.Start.AUTOMATIC,
                Duration.ZERO);
        ticks(1, Kind.INCONCLUSIVE);
        assertThat(state.canaryPpm()).isEqualTo(10_000);
    }

    @Test
    void withdrawnRolloutLeavesTheWeightsToTheFile() {
        reach(Phase.PROGRESSING);
        actions.clear();
        send(new RolloutEvent.Withdrawn("the file no longer has it"));
        assertThat(state.phase()).isEqualTo(Phase.SUPERSEDED);
        assertThat(actions).containsExactly(new Emit(Notice.SUPERSEDED, "the file no longer has it"));
    }

    @Test
    void stepsThatDoNotRiseAreRefused() {
        assertThatThrownBy(() -> plan(RolloutPlan.Control.SKIPPED, Rung.step(100_000, HOLD), Rung.step(10_000, HOLD)))
                .hasMessageContaining("do not rise");
        assertThatThrownBy(() -> Command.setWeight(1_000_000, "ann", "")).hasMessageContaining("promote --full");
    }

    /** A rollout of its own that has come this far. */
    private void reach(Phase phase) {
        plan = plan(RolloutPlan.Control.KEPT, Rung.step(10_000, HOLD));
        state = RolloutState.pending("v2");
        if (phase != Phase.PENDING) {
            command(Verb.START);
        }
        switch (phase) {
            case PAUSED -> command(Verb.PAUSE);
            case PROMOTING -> command(Verb.PROMOTE);
            case SUCCEEDED -> command(Verb.PROMOTE_FULL);
            case REVERTED -> command(Verb.REVERT);
            default -> {}
        }
        assertThat(state.phase()).isEqualTo(phase);
    }

    private static RolloutPlan plan(RolloutPlan.Control control, Rung... steps) {
        return RolloutPlan.of(List.of(steps), control, RolloutPlan.Start.BY_COMMAND, Duration.ofMinutes(10));
    }

    private void command(Verb verb) {
        send(Command.of(verb, "ann", ""));
    }

    private void ticks(int seconds, Kind kind) {
        for (int i = 0; i < seconds; i++) {
            tick(SECOND, kind, 10);
        }
    }

    private void tick(long nanos, Kind kind, long requests) {
        now += nanos;
        send(new RolloutEvent.Tick(new Assessment(kind, kind.name(), requests)));
    }

    private void send(RolloutEvent event) {
        Transition transition = new RolloutMachine(plan).on(state, event, now);
        assertThat(transition.refusal()).isNull();
        state = transition.state();
        actions.addAll(transition.actions());
    }

    private long requests() {
        return actions.stream().filter(RequestGate.class::isInstance).count();
    }

    private List<Notice> notices() {
        return actions.stream()
                .filter(Emit.class::isInstance)
                .map(action -> ((Emit) action).notice())
                .toList();
    }
}
