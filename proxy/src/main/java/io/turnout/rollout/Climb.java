package io.turnout.rollout;

import io.turnout.rollout.Action.Emit;
import io.turnout.rollout.Action.Notice;
import io.turnout.rollout.Action.SetWeights;
import io.turnout.rollout.Assessment.Kind;
import io.turnout.rollout.RolloutState.Asking;
import io.turnout.rollout.RolloutState.GateWait;
import io.turnout.rollout.RolloutState.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How a rollout goes up: what it has to earn on a rung, and the gates in front of the next. Stateless. */
final class Climb {
    /** More silence than this between two canary answers is not time under test. */
    private static final long MAX_GAP_NANOS = Duration.ofSeconds(10).toNanos();

    private final RolloutPlan plan;

    Climb(RolloutPlan plan) {
        this.plan = plan;
    }

    /** A tick without a breach, of a rollout that is on its way. */
    Transition on(RolloutState state, Assessment assessment, long elapsedNanos) {
        RolloutState earned = state.withProgress(earn(state.progress(), assessment, elapsedNanos));
        String lacking = lacking(earned, assessment);
        if (!lacking.isEmpty()) {
            return Transition.to(earned.withNote(lacking));
        }
        return approach(earned, elapsedNanos);
    }

    /** Goes to the next rung, or to the gate in front of it. */
    Transition approach(RolloutState state, long elapsedNanos) {
        int next = plan.nextAbove(state.canaryPpm());
        List<Gate> gates = plan.rungs().get(next).gates();
        GateWait wait = state.gates();
        if (wait.opened() >= gates.size()) {
            return enter(state, next, state.canaryPpm() == 0 ? "begun" : "evidence complete");
        }
        Gate gate = gates.get(wait.opened());
        RolloutState waiting =
                state.withGates(new GateWait(wait.opened(), wait.asking(), wait.sinceNanos() + elapsedNanos));
        if (!mustAsk(gate, waiting.gates())) {
            return Transition.to(waiting);
        }
        boolean first = wait.asking() == Asking.NOT_ASKED;
        String note = "waiting for gate " + gate.name();
        Phase phase = plan.phaseOn(next) == Phase.SUCCEEDED ? Phase.PROMOTING : state.phase();
        int ppm = plan.rungs().get(next).canaryPpm();
        RolloutState asked = waiting.withPhase(phase, first ? note : state.note())
                .withGates(new GateWait(wait.opened(), Asking.ASKED, 0));
        var request = new Action.RequestGate(gate, ppm);
        return first
                ? Transition.to(asked, request, new Emit(Notice.GATE_WAITING, note))
                : Transition.to(asked, request);
    }

    /** Sets the weight of a rung and begins there with nothing earned. */
    Transition enter(RolloutState state, int rung, String note) {
        int ppm = plan.rungs().get(rung).canaryPpm();
        Phase phase = plan.phaseOn(rung);
        Notice notice = switch (phase) {
            case SUCCEEDED -> Notice.SUCCEEDED;
            case PROMOTING -> Notice.PROMOTING;
            default -> Notice.STEP;
        };
        String told = "canary at " + percent(ppm) + ", " + note;
        return Transition.to(state.at(phase, rung, ppm, told), new SetWeights(ppm), new Emit(notice, told));
    }

    /** Time counts from one canary answer to the next; silence and incidents earn nothing. */
    private static Progress earn(Progress before, Assessment assessment, long elapsedNanos) {
        long requests = before.canaryRequests() + assessment.canaryRequests();
        if (assessment.kind() == Kind.INCIDENT) {
            return new Progress(before.heldNanos(), 0, requests);
        }
        long idle = before.idleNanos() + elapsedNanos;
        return assessment.canaryRequests() > 0
                ? new Progress(before.heldNanos() + Math.min(idle, MAX_GAP_NANOS), 0, requests)
                : new Progress(before.heldNanos(), idle, requests);
    }

    /** What keeps the rollout on its rung, or nothing. Without traffic there is nothing to wait for. */
    private String lacking(RolloutState state, Assessment assessment) {
        if (state.rung() < 0) {
            return state.canaryPpm() > 0 ? lackingProof(assessment, Rung.Proof.REQUIRED) : "";
        }
        Rung rung = plan.rungs().get(state.rung());
        String proof = lackingProof(assessment, rung.proof());
        if (!proof.isEmpty()) {
            return proof;
        }
        if (state.progress().heldNanos() < rung.hold().toNanos()) {
            return "held " + seconds(state.progress().heldNanos()) + " of "
                    + seconds(rung.hold().toNanos());
        }
        if (state.progress().canaryRequests() < rung.minRequests()) {
            return state.progress().canaryRequests() + " of " + rung.minRequests() + " canary requests";
        }
        return "";
    }

    private static String lackingProof(Assessment assessment, Rung.Proof proof) {
        return switch (assessment.kind()) {
            case FINE -> "";
            case INCONCLUSIVE -> proof == Rung.Proof.REQUIRED ? assessment.text() : "";
            case INCIDENT, BAD -> assessment.text();
        };
    }

    private static boolean mustAsk(Gate gate, GateWait wait) {
        return switch (wait.asking()) {
            case NOT_ASKED -> true;
            case ASKED ->
                gate.kind() == Gate.Kind.WEBHOOK
                        && wait.sinceNanos() >= gate.lostAfter().toNanos();
            case REFUSED ->
                gate.kind() == Gate.Kind.WEBHOOK
                        && wait.sinceNanos() >= gate.askAgain().toNanos();
        };
    }

    static String percent(int ppm) {
        String digits = String.format(Locale.ROOT, "%.4f", ppm / 10_000.0);
        return digits.replaceFirst("\\.?0+$", "") + " %";
    }

    private static String seconds(long nanos) {
        return nanos / 1_000_000_000L + " s";
    }
}
