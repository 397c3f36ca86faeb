package io.turnout.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The way from no traffic to all of it. Immutable.
 *
 * @param rungs weights that rise strictly; the last is all traffic
 * @param steps how many of them are steps; what follows belongs to the promotion
 * @param start what begins the rollout
 * @param watch how long after the end a breach still reverts
 */
public record RolloutPlan(List<Rung> rungs, int steps, Start start, Duration watch) {
    /** All traffic, in parts per million. */
    public static final int WHOLE = 1_000_000;

    /** Share of stable kept for comparison before it is let go, and for how long. */
    public static final int CONTROL_PPM = 50_000;

    public static final Duration CONTROL_HOLD = Duration.ofMinutes(10);

    /** What begins a rollout. */
    public enum Start {
        AUTOMATIC,
        BY_COMMAND
    }

    /** Whether stable keeps a control share before it is let go. */
    public enum Control {
        KEPT,
        SKIPPED
    }

    public RolloutPlan {
        rungs = List.copyOf(rungs);
        if (rungs.isEmpty() || rungs.get(rungs.size() - 1).canaryPpm() != WHOLE) {
            throw new IllegalArgumentException("the last rung of " + rungs + " is not all traffic");
        }
        for (int i = 1; i < rungs.size(); i++) {
            if (rungs.get(i).canaryPpm() <= rungs.get(i - 1).canaryPpm()) {
                throw new IllegalArgumentException(
                        "steps do not rise: " + rungs.get(i - 1).canaryPpm() + " ppm, then "
                                + rungs.get(i).canaryPpm());
            }
        }
        if (steps < 0 || steps >= rungs.size() || watch.isNegative()) {
            throw new IllegalArgumentException(steps + " steps of " + rungs.size() + " rungs, watch " + watch);
        }
    }

    /**
     * A plan from the steps a user wrote. All traffic comes last even when no step says so; a step of all traffic gives
     * the promotion its gates.
     *
     * @param steps at least one, rising
     * @param control whether 5 % of stable stay for 10 minutes before the end
     */
    public static RolloutPlan of(List<Rung> steps, Control control, Start start, Duration watch) {
        var rungs = new ArrayList<Rung>();
        List<Gate> lastGates = List.of();
        for (Rung step : steps) {
            if (step.canaryPpm() == WHOLE) {
                lastGates = step.gates();
            } else {
                rungs.add(step);
            }
        }
        int count = rungs.size();
        int controlled = WHOLE - CONTROL_PPM;
        boolean room = rungs.isEmpty() || rungs.get(count - 1).canaryPpm() < controlled;
        if (control == Control.KEPT && room) {
            rungs.add(new Rung(controlled, CONTROL_HOLD, 0, List.of(), Rung.Proof.WAIVED));
        }
        rungs.add(new Rung(WHOLE, Duration.ZERO, 0, lastGates, Rung.Proof.WAIVED));
        return new RolloutPlan(rungs, count, start, watch);
    }

    /**
     * Index of the lowest rung above this weight.
     *
     * @param canaryPpm below all traffic
     */
    public int nextAbove(int canaryPpm) {
        int next = 0;
        while (rungs.get(next).canaryPpm() <= canaryPpm) {
            next++;
        }
        return next;
    }

    /** Index of the highest rung at or below this weight; -1 when there is none. */
    public int atOrBelow(int canaryPpm) {
        return canaryPpm >= WHOLE ? rungs.size() - 1 : nextAbove(canaryPpm) - 1;
    }

    /** The phase of a rollout that stands on this rung. */
    public Phase phaseOn(int rung) {
        if (rung == rungs.size() - 1) {
            return Phase.SUCCEEDED;
        }
        return rung < steps ? Phase.PROGRESSING : Phase.PROMOTING;
    }
}
