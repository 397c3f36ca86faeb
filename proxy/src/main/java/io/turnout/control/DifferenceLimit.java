package io.turnout.control;

import io.turnout.config.GuardConfig;
import io.turnout.shadow.Comparisons;
import org.jspecify.annotations.Nullable;

/**
 * Holds the answers of a shadow that runs what a variant runs against the guard's limit, while that variant is on trial.
 *
 * <p>It judges so many answers in a row together and then begins anew: what was fine for a day does not hide what went
 * wrong this minute. Confined to the control thread; what it knows does not outlive the process.
 */
final class DifferenceLimit {
    private final Comparisons comparisons;
    private final String route;
    private final GuardConfig.Differences limit;

    /** Where the row began; null while the variant is not on trial. */
    private @Nullable Compared begun;

    /** What was found since; a whole row stays until another answer comes. */
    private Compared row = Compared.NONE;

    DifferenceLimit(Comparisons comparisons, String route, GuardConfig.Differences limit) {
        this.comparisons = comparisons;
        this.route = route;
        this.limit = limit;
    }

    GuardConfig.Differences limit() {
        return limit;
    }

    /** Takes a look; what was found while the variant was not on trial is not held against it. */
    void look(boolean isOnTrial) {
        Compared now = Compared.of(comparisons.report(route, limit.pool()));
        if (!isOnTrial) {
            begun = null;
            row = Compared.NONE;
            return;
        }
        Compared from = begun == null ? now : begun;
        from = now.goesOnFrom(from) ? from : Compared.NONE;
        Compared fresh = now.since(from);
        row = fresh.answers() > 0 || begun == null ? fresh : row;
        begun = isComplete() && !isBreached() ? now : from;
    }

    private boolean isComplete() {
        return row.answers() >= limit.minCompared();
    }

    /** Whether more of a whole row differ than may. */
    boolean isBreached() {
        return isComplete() && row.exceed(limit.maxPpm());
    }

    /** The row as it stands, in words. */
    String text() {
        return row.inWords(limit.pool(), limit.minCompared(), limit.maxPpm());
    }
}
