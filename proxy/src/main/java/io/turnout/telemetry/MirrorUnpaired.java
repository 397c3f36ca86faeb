package io.turnout.telemetry;

/** Why the answers to a request were not compared; the label is part of the published contract. */
public enum MirrorUnpaired {
    /** The original got no whole answer. */
    PRIMARY_MISSING("primary_missing"),
    /** The shadow gave no whole answer. */
    SHADOW_MISSING("shadow_missing"),
    /** The control gave no whole answer. */
    CONTROL_MISSING("control_missing"),
    /** Another variant than the control's answered the original, so that the control is no measure of its noise. */
    OTHER_VARIANT("other_variant"),
    /** There was no room to keep the answers. */
    MEMORY("memory"),
    /** The comparison was behind. */
    BEHIND("behind");

    private final String label;

    MirrorUnpaired(String label) {
        this.label = label;
    }

    /** Lower-case name used in metrics and reports. */
    public String label() {
        return label;
    }
}
