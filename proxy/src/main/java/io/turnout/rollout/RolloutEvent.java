package io.turnout.rollout;

import org.jspecify.annotations.Nullable;

/** What can happen to a rollout. Immutable. */
public sealed interface RolloutEvent {
    /** Time passed and the judge looked. */
    record Tick(Assessment assessment) implements RolloutEvent {}

    /**
     * An operator wants something.
     *
     * @param canaryPpm for {@link Verb#SET_WEIGHT}: 0 to 999,999; otherwise null
     * @param expectedStep for {@link Verb#PROMOTE}: the step the operator saw, so that a repeated command does not go two
     *     steps; null to go on from wherever it is
     * @param actor who
     * @param reason why; may be empty
     */
    record Command(
            Verb verb,
            @Nullable Integer canaryPpm,
            @Nullable Integer expectedStep,
            String actor,
            String reason) implements RolloutEvent {
        public Command {
            if ((verb == Verb.SET_WEIGHT) != (canaryPpm != null)) {
                throw new IllegalArgumentException(verb.label() + " with weight " + canaryPpm);
            }
            if (canaryPpm != null && (canaryPpm < 0 || canaryPpm >= RolloutPlan.WHOLE)) {
                throw new IllegalArgumentException("weight " + canaryPpm + " ppm, expected 0 to "
                        + (RolloutPlan.WHOLE - 1) + "; all traffic is promote --full");
            }
        }

        public static Command of(Verb verb, String actor, String reason) {
            return new Command(verb, null, null, actor, reason);
        }

        public static Command setWeight(int canaryPpm, String actor, String reason) {
            return new Command(Verb.SET_WEIGHT, canaryPpm, null, actor, reason);
        }
    }

    /** A gate said yes, by webhook or by a person. */
    record GateOpened(String gate, String by) implements RolloutEvent {}

    /** A gate said no, or did not answer. */
    record GateRefused(String gate, String reason) implements RolloutEvent {}

    /** Another version of the canary is there. */
    record NewRevision(String revision) implements RolloutEvent {}

    /** The desired state no longer has this rollout. */
    record Withdrawn(String reason) implements RolloutEvent {}

    /** The process was started again with this state; the clock has another origin. */
    record Restarted() implements RolloutEvent {}
}
