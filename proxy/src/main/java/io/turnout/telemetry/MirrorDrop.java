package io.turnout.telemetry;

/** Why a copy was not sent, or was cut; the label is part of the published contract. */
public enum MirrorDrop {
    /** As many copies as allowed were under way. */
    IN_FLIGHT("in_flight"),
    /** The request's body is longer than is copied. */
    REQUEST_BYTES("request_bytes"),
    /** The copies together held as many octets as allowed. */
    TOTAL_BYTES("total_bytes"),
    /** The answer to the copy was longer than is read. */
    ANSWER_BYTES("answer_bytes"),
    /** The shadow failed so often in a row that it is left alone for a while. */
    BREAKER_OPEN("breaker_open"),
    /** The pool has no endpoint that may be asked. */
    NO_ENDPOINT("no_endpoint"),
    /** The original ended before its request was complete: there is no whole request to copy. */
    REQUEST_CUT("request_cut");

    private final String label;

    MirrorDrop(String label) {
        this.label = label;
    }

    /** Lower-case name used in metrics and reports. */
    public String label() {
        return label;
    }
}
