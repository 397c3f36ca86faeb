package io.turnout.rollout;

import org.jspecify.annotations.Nullable;

/**
 * Where a rollout stands: plain values that a journal can hold. Immutable.
 *
 * <p>Time is kept as lengths that were earned, never as points in time, so that it survives a restart; only
 * {@code seenNanos} belongs to one run of the process, and {@link RolloutEvent.Restarted} drops it.
 *
 * @param revision which version of the canary this is about
 * @param rung index into the plan's rungs on which the rollout stands; -1 below the first
 * @param canaryPpm the canary's share as last commanded, in parts per million
 * @param progress what was earned on this rung
 * @param gates the way through the gates of the next rung
 * @param seenNanos monotonic time of the last tick or start; null when unknown
 * @param note what it waits for or why it ended, in words
 */
public record RolloutState(
        String revision,
        Phase phase,
        int rung,
        int canaryPpm,
        Progress progress,
        GateWait gates,
        @Nullable Long seenNanos,
        String note) {

    /**
     * What a rollout earned on its rung.
     *
     * @param heldNanos time in which the canary had traffic and nobody objected
     * @param idleNanos time since the canary's last answer, not credited yet
     * @param canaryRequests answers of the canary
     */
    public record Progress(long heldNanos, long idleNanos, long canaryRequests) {
        static final Progress NONE = new Progress(0, 0, 0);
    }

    /**
     * How far the gates of the next rung have been passed.
     *
     * @param opened gates that said yes
     * @param asking what the next one was asked and said
     * @param sinceNanos time since it was asked, or refused
     */
    public record GateWait(int opened, Asking asking, long sinceNanos) {
        static final GateWait NONE = new GateWait(0, Asking.NOT_ASKED, 0);
    }

    /** State of the gate in front. */
    public enum Asking {
        NOT_ASKED,
        ASKED,
        REFUSED
    }

    public RolloutState {
        if (canaryPpm < 0 || canaryPpm > RolloutPlan.WHOLE || rung < -1) {
            throw new IllegalArgumentException("canary at " + canaryPpm + " ppm on rung " + rung);
        }
        if (canaryPpm > 0 && (phase == Phase.PENDING || phase == Phase.REVERTED)) {
            throw new IllegalArgumentException("canary at " + canaryPpm + " ppm while " + phase.label());
        }
    }

    /** A rollout that has not begun. */
    public static RolloutState pending(String revision) {
        return new RolloutState(
                revision, Phase.PENDING, -1, 0, Progress.NONE, GateWait.NONE, null, "waiting to be started");
    }

    /** Whether it may still move by itself or is stopped on its way. */
    public boolean isActive() {
        return phase.isActive();
    }

    /** The gate that is waited for, or null. */
    public @Nullable Gate awaitedGate(RolloutPlan plan) {
        if (!isActive() || gates.asking() == Asking.NOT_ASKED) {
            return null;
        }
        var ahead = plan.rungs().get(plan.nextAbove(canaryPpm)).gates();
        return gates.opened() < ahead.size() ? ahead.get(gates.opened()) : null;
    }

    RolloutState withPhase(Phase phase, String note) {
        return new RolloutState(revision, phase, rung, canaryPpm, progress, gates, seenNanos, note);
    }

    /** On another rung or weight, with nothing earned there yet. */
    RolloutState at(Phase phase, int rung, int canaryPpm, String note) {
        return new RolloutState(revision, phase, rung, canaryPpm, Progress.NONE, GateWait.NONE, seenNanos, note);
    }

    RolloutState withProgress(Progress progress) {
        return new RolloutState(revision, phase, rung, canaryPpm, progress, gates, seenNanos, note);
    }

    RolloutState withGates(GateWait gates) {
        return new RolloutState(revision, phase, rung, canaryPpm, progress, gates, seenNanos, note);
    }

    RolloutState withNote(String note) {
        return new RolloutState(revision, phase, rung, canaryPpm, progress, gates, seenNanos, note);
    }

    RolloutState seen(@Nullable Long nanos) {
        return new RolloutState(revision, phase, rung, canaryPpm, progress, gates, nanos, note);
    }
}
