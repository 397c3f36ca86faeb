package io.turnout.rollout;

/** What the owner of a rollout has to do after a transition, in order. Immutable. */
public sealed interface Action {
    /** Give the canary this share, in parts per million, and stable the rest. */
    record SetWeights(int canaryPpm) implements Action {}

    /** Ask this gate whether the canary may go to this share; answer with an event. */
    record RequestGate(Gate gate, int canaryPpm) implements Action {}

    /** Forget all evidence about the canary: it is another one, or gets another chance. */
    record BeginTrial() implements Action {}

    /** Forget the evidence for promotion of the present step. */
    record BeginStep() implements Action {}

    /** Tell the world. */
    record Emit(Notice notice, String text) implements Action {}

    /** What the world is told. The label is the event's type. */
    enum Notice {
        STARTED("rollout.started"),
        STEP("rollout.step"),
        PAUSED("rollout.paused"),
        RESUMED("rollout.resumed"),
        PROMOTING("rollout.promoting"),
        SUCCEEDED("rollout.succeeded"),
        REVERTED("rollout.reverted"),
        SUPERSEDED("rollout.superseded"),
        GATE_WAITING("rollout.gate-waiting"),
        GATE_OPENED("rollout.gate-opened"),
        GATE_REFUSED("rollout.gate-refused");

        private final String label;

        Notice(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }
}
