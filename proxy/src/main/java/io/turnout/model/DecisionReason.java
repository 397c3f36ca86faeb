package io.turnout.model;

/** Why a request went to the pool it went to. The label is part of the metrics and access-log contract. */
public enum DecisionReason {
    /** A rule of the route named the pool. Such requests are not evidence for the guard. */
    FORCED("forced"),
    /** The hash of the request's key fell into the variant's share. */
    KEYED("keyed"),
    /** The split has a key, but this request carried none; it was drawn by weight. */
    KEYLESS("keyless"),
    /** Drawn by weight. */
    WEIGHTED("weighted"),
    /** Only one variant has any weight. */
    ONLY("only"),
    /** The chosen variant had no usable endpoint and {@code onEmpty} sent the request elsewhere. */
    REDIRECTED("redirected");

    private final String label;

    DecisionReason(String label) {
        this.label = label;
    }

    /** Lower-case name used in metrics and logs. */
    public String label() {
        return label;
    }
}
