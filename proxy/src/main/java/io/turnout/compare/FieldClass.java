package io.turnout.compare;

/** What part of an answer a field belongs to; the label is part of the published contract. */
public enum FieldClass {
    STATUS("status"),
    HEADER("header"),
    BODY("body");

    private final String label;

    FieldClass(String label) {
        this.label = label;
    }

    /** Lower-case name used in metrics and reports. */
    public String label() {
        return label;
    }
}
