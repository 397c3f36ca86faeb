package io.turnout.cli;

import io.turnout.judge.Verdict;
import io.turnout.judge.VerdictText;
import io.turnout.judge.plan.Simulation;
import io.turnout.rollout.Action;
import io.turnout.rollout.Assessment;
import io.turnout.rollout.Phase;
import io.turnout.rollout.RolloutEvent;
import io.turnout.rollout.RolloutMachine;
import io.turnout.rollout.RolloutPlan;
import io.turnout.rollout.RolloutState;
import io.turnout.rollout.Transition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rollout on virtual time: the real judge looks at simulated traffic, the real state machine moves the weights. Mutable;
 * confined to one thread.
 */
final class SimulatedRollout {
    private final Simulation traffic;
    private final RolloutMachine machine;
    private final List<Told> story = new ArrayList<>();
    private RolloutState state = RolloutState.pending("simulated");
    private Verdict.@Nullable Revert revert;
    private long epoch;

    SimulatedRollout(Simulation traffic, RolloutPlan plan) {
        this.traffic = traffic;
        machine = new RolloutMachine(plan);
    }

    /** What the world is told at a point of virtual time. */
    record Told(double seconds, String event, String text) {}

    /**
     * How it ended.
     *
     * @param revert null unless the judge took the canary's traffic away
     * @param seconds virtual time
     */
    record Ending(
            RolloutState state,
            Verdict.@Nullable Revert revert,
            double seconds,
            long canaryRequests,
            long failedRequests,
            List<Told> story) {
        Ending {
            story = List.copyOf(story);
        }
    }

    /** Runs until the rollout has ended or this much virtual time is over. To be called once. */
    Ending run(double limitSeconds) {
        traffic.learnStable();
        on(new Assessment(Assessment.Kind.INCONCLUSIVE, "no traffic yet", 0));
        while (!ended() && traffic.seconds() < limitSeconds) {
            long before = traffic.canaryRequests();
            Verdict verdict = traffic.advance(state.canaryPpm() / (double) RolloutPlan.WHOLE, epoch);
            on(assessment(verdict, traffic.canaryRequests() - before));
        }
        return new Ending(
                state, revert, tenths(traffic.seconds()), traffic.canaryRequests(), traffic.canaryErrors(), story);
    }

    private boolean ended() {
        return state.phase() == Phase.SUCCEEDED || state.phase() == Phase.REVERTED;
    }

    private void on(Assessment assessment) {
        long nowNanos = Math.round(traffic.seconds() * 1e9);
        Transition next = machine.on(state, new RolloutEvent.Tick(assessment), nowNanos);
        state = next.state();
        for (Action action : next.actions()) {
            if (action instanceof Action.SetWeights) {
                epoch++;
            } else if (action instanceof Action.Emit emit) {
                story.add(new Told(tenths(traffic.seconds()), emit.notice().label(), emit.text()));
            }
        }
    }

    /** Ticks are tenths of a second; the sum of many is off by a hair. */
    private static double tenths(double seconds) {
        return Math.round(seconds * 10) / 10.0;
    }

    private Assessment assessment(Verdict verdict, long requests) {
        if (verdict instanceof Verdict.Revert bad) {
            revert = bad;
            return new Assessment(Assessment.Kind.BAD, VerdictText.cause(bad), requests);
        }
        String missing = traffic.readiness().text();
        if (verdict == Verdict.Standing.WATCHING) {
            return new Assessment(Assessment.Kind.FINE, missing, requests);
        }
        return verdict == Verdict.Standing.SHARED_INCIDENT
                ? new Assessment(Assessment.Kind.INCIDENT, "both sides are bad", requests)
                : new Assessment(Assessment.Kind.INCONCLUSIVE, missing, requests);
    }
}
