package io.turnout.control.state;

import io.turnout.rollout.Phase;
import io.turnout.rollout.RolloutState;
import io.turnout.rollout.RolloutState.Asking;
import io.turnout.rollout.RolloutState.GateWait;
import io.turnout.rollout.RolloutState.Progress;
import java.time.Instant;
import java.util.Objects;

/**
 * Where the rollout of a route stands, as far as it outlives the process: what was earned and passed, not what was seen or
 * asked. Immutable.
 *
 * @param identity of the rollout in the file; a file that says something else wants another rollout
 * @param rung index into the plan's rungs; -1 below the first
 * @param canaryPpm share of the canary in parts per million
 * @param heldNanos time under test on this rung
 * @param gatesOpened gates in front of the next rung that said yes
 * @param note what it waits for or why it ended
 * @param since when it came to this phase and rung, by the wall clock
 */
public record RouteRollout(
        String identity,
        Phase phase,
        int rung,
        int canaryPpm,
        long heldNanos,
        int gatesOpened,
        String note,
        Instant since) {
    public RouteRollout {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(note, "note");
        Objects.requireNonNull(since, "since");
    }

    /** What is kept of a state. */
    public static RouteRollout of(RolloutState state, Instant since) {
        return new RouteRollout(
                state.revision(),
                state.phase(),
                state.rung(),
                state.canaryPpm(),
                state.progress().heldNanos(),
                state.gates().opened(),
                state.note(),
                since);
    }

    /** The state as a restarted process finds it. */
    public RolloutState state() {
        return new RolloutState(
                identity,
                phase,
                rung,
                canaryPpm,
                new Progress(heldNanos, 0, 0),
                new GateWait(gatesOpened, Asking.NOT_ASKED, 0),
                null,
                note);
    }

    /** The same rollout, ended by another decision or another file. */
    public RouteRollout superseded(String why, Instant when) {
        return new RouteRollout(identity, Phase.SUPERSEDED, rung, canaryPpm, heldNanos, 0, why, when);
    }
}
