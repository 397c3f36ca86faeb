package io.turnout.judge;

/** The quantiles of stable's past at which latency is judged, with the share of the latency money each gets. */
public enum Quantile {
    P50(0, "p50", .5, .30),
    P90(1, "p90", .9, .35),
    P99(2, "p99", .99, .35);

    static final int COUNT = 3;

    private final int index;
    private final String label;
    private final double level;
    private final double money;

    Quantile(int index, String label, double level, double money) {
        this.index = index;
        this.label = label;
        this.level = level;
        this.money = money;
    }

    /** Name used in texts and metrics. */
    public String label() {
        return label;
    }

    /** Share of stable's answers that are faster, above 0 and below 1. */
    public double level() {
        return level;
    }

    /** Place in arrays by quantile, 0 to {@link #COUNT} - 1. */
    int index() {
        return index;
    }

    /** Share of the latency metric's starting money. */
    double money() {
        return money;
    }
}
