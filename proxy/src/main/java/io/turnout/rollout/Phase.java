package io.turnout.rollout;

/** Where a rollout is. The label is part of the API and metrics contract. */
public enum Phase {
    /** Not begun; the canary has no traffic. */
    PENDING("pending"),
    /** On one of its steps, or waiting for the gates of the first. */
    PROGRESSING("progressing"),
    /** Stopped by an operator; still judged, still reverted on a breach. */
    PAUSED("paused"),
    /** All steps done: the control share is kept, or the last gates are awaited. */
    PROMOTING("promoting"),
    /** The canary has all traffic. */
    SUCCEEDED("succeeded"),
    /** The canary has no traffic, and gets none again without an explicit command or another revision. */
    REVERTED("reverted"),
    /** Ended on its way by a change of the desired state or another decision; begins anew by command. */
    SUPERSEDED("superseded");

    private final String label;

    Phase(String label) {
        this.label = label;
    }

    /** Lower-case name. */
    public String label() {
        return label;
    }

    /** Whether a rollout in this phase is on its way, or stopped on its way. */
    public boolean isActive() {
        return this == PROGRESSING || this == PAUSED || this == PROMOTING;
    }
}
