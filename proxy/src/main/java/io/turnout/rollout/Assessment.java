package io.turnout.rollout;

/**
 * The judge's word on one tick, as far as a rollout cares. Immutable.
 *
 * @param kind what it means for the rollout
 * @param text the same in words: what is missing, or why it is bad
 * @param canaryRequests canary answers since the last tick, 0 or more
 */
public record Assessment(Kind kind, String text, long canaryRequests) {
    /** What an assessment means. */
    public enum Kind {
        /** The canary has been shown to be fine at this weight. */
        FINE,
        /** Not enough evidence: hold. */
        INCONCLUSIVE,
        /** Both sides are bad: freeze. */
        INCIDENT,
        /** Revert. */
        BAD
    }
}
