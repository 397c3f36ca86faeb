package io.turnout.control;

import io.turnout.adminapi.GuardStatus;
import io.turnout.config.GuardConfig;
import io.turnout.control.evidence.Arm;
import io.turnout.control.evidence.EvidenceReader;
import io.turnout.control.evidence.StablePast;
import io.turnout.judge.Evidence;
import io.turnout.judge.Judge;
import io.turnout.judge.JudgePlan;
import io.turnout.judge.Verdict;
import io.turnout.judge.VerdictText;
import io.turnout.plan.JudgePlans;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Judges one variant of a route beside another one. Confined to the control thread.
 *
 * <p>It reads on while the variant is not on trial, so that what the other one is like is known when a trial begins.
 */
final class VariantGuard {
    /** Whether a variant is judged. */
    enum Standing {
        /** It has traffic, and loses it if it is bad. */
        ON_TRIAL,
        /** It has none, or is trusted now. */
        ASIDE
    }

    /** A trial of weights that are meant to stay is this long, as cash for late bets halves every 42 minutes. */
    private static final long TRIAL_NANOS = Duration.ofHours(6).toNanos();

    private static final double LOG_SUSPICION = Math.log(3);

    private final String pool;
    private final String against;
    private final EvidenceReader reader;
    private final Judge judge;
    private JudgePlan plan;
    private Standing standing = Standing.ASIDE;
    private Verdict.@Nullable Revert reverted;
    private @Nullable String frozen;
    private long trialNanos;

    VariantGuard(String pool, String against, Arm ours, Arm theirs, JudgePlan plan) {
        this.pool = pool;
        this.against = against;
        this.plan = plan;
        reader = new EvidenceReader(ours, theirs);
        judge = new Judge(plan);
    }

    String pool() {
        return pool;
    }

    /** The pool that gets its traffic if it is bad. */
    String against() {
        return against;
    }

    /** From now on, this is where to read, and how to judge. */
    void follow(Arm ours, Arm theirs, JudgePlan nextPlan, Standing next) {
        reader.follow(ours, theirs);
        if (!nextPlan.equals(plan)) {
            plan = nextPlan;
            judge.configure(nextPlan);
            trialNanos = 0;
            reader.beginTrial();
        }
        stand(next);
    }

    /** A variant that comes on trial brings nothing along from an earlier one. */
    void stand(Standing next) {
        if (next == standing) {
            return;
        }
        standing = next;
        trialNanos = 0;
        // The judge says nothing new after a revert, and learns nothing about the other side: begin anew either way.
        reverted = next == Standing.ASIDE && judge.verdict() instanceof Verdict.Revert revert ? revert : null;
        frozen = null;
        judge.beginTrial();
        reader.beginTrial();
    }

    /**
     * Begins another trial when this one has grown old: what can be bet on a change for the worse is used up with time.
     * The promise then holds for each trial. A variant under suspicion is not let off.
     */
    void renew() {
        boolean quiet = judge.verdict() instanceof Verdict.Standing && judge.logWealth() < LOG_SUSPICION;
        if (isOnTrial() && trialNanos >= TRIAL_NANOS && quiet && frozen == null) {
            beginTrial();
        }
    }

    /** Nothing that was seen so far counts for or against it any more. */
    void beginTrial() {
        trialNanos = 0;
        reverted = null;
        frozen = null;
        judge.beginTrial();
        reader.beginTrial();
    }

    /** Answers of the variant in this trial. */
    long requests() {
        return judge.canaryRequests();
    }

    boolean isOnTrial() {
        return standing == Standing.ON_TRIAL;
    }

    /** The plan after a switch from the other variant to this one, by what the other has done so far. */
    JudgePlan planAfterSwitch(JudgePlan base, GuardConfig guard) {
        StablePast past = reader.stablePast();
        return JudgePlans.afterSwitch(
                base, guard, past.errors(), past.requests(), judge.evidence().quantiles());
    }

    /** Takes a look; {@link #verdict} says what came of it. */
    void look(long nowNanos, long elapsedNanos) {
        trialNanos += elapsedNanos;
        reader.tell(judge, nowNanos, elapsedNanos);
    }

    Verdict verdict() {
        return judge.verdict();
    }

    /**
     * Notes why a bad variant keeps its traffic, or that there is no such reason any more.
     *
     * @return whether this is news that should be told
     */
    boolean freeze(@Nullable String why) {
        boolean news = why != null && !why.equals(frozen);
        frozen = why;
        return news;
    }

    /** The state of the variant, as in {@link GuardStatus}. */
    String state() {
        if (reverted != null) {
            return GuardStatus.REVERTED;
        }
        if (judge.verdict() == Verdict.Standing.SHARED_INCIDENT) {
            return GuardStatus.SHARED_INCIDENT;
        }
        return judge.verdict() == Verdict.Standing.WATCHING ? GuardStatus.WATCHING : GuardStatus.HOLDING;
    }

    /** Why it is so, or what is missing; allocates. */
    String text() {
        Verdict.Revert past = reverted;
        if (past != null) {
            return VerdictText.cause(past);
        }
        return frozen != null ? frozen : judge.readiness().text();
    }

    /** All that is known; allocates. */
    Evidence evidence() {
        Verdict.Revert past = reverted;
        return past == null ? judge.evidence() : past.evidence();
    }

    boolean isReverted() {
        return reverted != null;
    }

    /** Lets go of the counters. */
    void close() {
        reader.close();
    }
}
