package io.turnout.admin.page;

import java.util.List;

/** What all values of one metric have in common. Implementations are immutable, and equal only to themselves. */
public interface Family {
    /** What a metric's values are. */
    enum Type {
        /** Only grows; its name ends in {@code _total}. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** Counts by size. */
        HISTOGRAM,
        /** A count and a sum. */
        SUMMARY
    }

    /** Its name on the page. */
    String exposedName();

    /** What its values are. */
    Type type();

    /** One sentence for people. */
    String help();

    /** Names of its labels, in the order in which values are added. */
    List<String> labels();

    /** Its name without the ending of counters: what families are sorted by, and called by in OpenMetrics. */
    default String familyName() {
        return type() == Type.COUNTER
                ? exposedName().substring(0, exposedName().length() - "_total".length())
                : exposedName();
    }
}
