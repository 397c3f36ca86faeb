package io.turnout.judge;

/** What the judge says after a tick. Immutable; only a revert is a new object, once. */
public sealed interface Verdict {
    /** Nothing to do about the weights. */
    enum Standing implements Verdict {
        /** The canary has been shown to be fine at this weight, and is watched on. */
        WATCHING,
        /** Not enough evidence yet, for or against; {@link Judge#readiness} says what is missing. */
        HOLDING,
        /** Both arms are bad: freeze and alert, moving traffic would not help. */
        SHARED_INCIDENT
    }

    /** Take the canary's traffic away. Final until a new trial begins. */
    record Revert(Cause cause, Evidence evidence) implements Verdict {}
}
