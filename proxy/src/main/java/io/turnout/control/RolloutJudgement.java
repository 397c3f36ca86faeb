package io.turnout.control;

import io.turnout.judge.Verdict;
import io.turnout.rollout.Assessment;

/** What the guard has to say about the canary of a rollout, in the rollout's terms. Confined to the control thread. */
final class RolloutJudgement {
    private final GuardDesk guards;

    RolloutJudgement(GuardDesk guards) {
        this.guards = guards;
    }

    /** What the judge says to the rollout. A bad canary that the guard did not revert keeps its place. */
    Assessment of(LiveRollout rollout) {
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

    /** Whether the canary could take traffic. */
    boolean isUsable(LiveRollout rollout, World world) {
        return guards.isUsable(world.pool(rollout.canary()));
    }

    /** What the judge still lacks, in words; empty when nothing. */
    String text(LiveRollout rollout) {
        VariantGuard guard = guards.variant(rollout.route(), rollout.canary(), rollout.stable());
        return guard == null || guard.verdict() == Verdict.Standing.WATCHING ? "" : guard.text();
    }
}
