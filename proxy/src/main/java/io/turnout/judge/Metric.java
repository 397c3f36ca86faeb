package io.turnout.judge;

/** What the canary is compared by. */
public enum Metric {
    ERRORS("errors"),
    LATENCY("latency"),
    /** A further property of answers, named by the plan. */
    THIRD("third");

    private final String label;

    Metric(String label) {
        this.label = label;
    }

    /** Name used in texts and metrics. */
    public String label() {
        return label;
    }
}
