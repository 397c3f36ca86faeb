package io.turnout.control;

import io.turnout.compare.DifferenceReport;
import io.turnout.config.RolloutConfig;
import io.turnout.shadow.Comparisons;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the mirrors of rollouts found since each rollout was started: the evidence of the stage before its first step, and
 * a reason to revert later.
 *
 * <p>Confined to the control thread. Like the findings themselves it does not outlive the process: after a restart the
 * mirror's evidence is gathered anew.
 */
final class MirrorWatch {
    private record Counted(long compared, long different) {}

    private final Comparisons comparisons;
    private final Map<String, Counted> beginnings = new HashMap<>();

    MirrorWatch(Comparisons comparisons) {
        this.comparisons = comparisons;
    }

    /**
     * What is known now.
     *
     * @param enough whether as many answers as wanted have been compared
     * @param bad whether, with enough of them, more differ than may
     */
    record Standing(boolean enough, boolean bad, String text) {
        boolean isGood() {
            return enough && !bad;
        }
    }

    /** Where the mirror of a rollout stands; null for a rollout that has none or is not under way. */
    @Nullable
    Standing of(LiveRollout rollout) {
        RolloutConfig.Mirror wanted = rollout.config().mirror();
        if (wanted == null || !rollout.state().isActive()) {
            beginnings.remove(rollout.route());
            return null;
        }
        DifferenceReport report = comparisons.report(rollout.route(), wanted.pool());
        Counted now = new Counted(report.compared(), report.different());
        Counted begun = beginnings.computeIfAbsent(rollout.route(), route -> now);
        if (now.compared < begun.compared) {
            // The rules have changed, and the findings began anew.
            begun = new Counted(0, 0);
            beginnings.put(rollout.route(), begun);
        }
        return judged(wanted, now.compared - begun.compared, now.different - begun.different);
    }

    private static Standing judged(RolloutConfig.Mirror wanted, long compared, long different) {
        boolean enough = compared >= wanted.minCompared();
        boolean bad = enough && different * 1e6 > (double) wanted.maxDifferentPpm() * compared;
        String text = String.format(
                Locale.ROOT,
                "mirror to %s: %d of %d answers compared, %d different (%.2f %%, at most %s %%)",
                wanted.pool(),
                compared,
                wanted.minCompared(),
                different,
                compared == 0 ? 0 : 100.0 * different / compared,
                percent(wanted.maxDifferentPpm()));
        return new Standing(enough, bad, text);
    }

    private static String percent(int ppm) {
        return String.format(Locale.ROOT, "%.4f", ppm / 1e4).replaceFirst("\\.?0+$", "");
    }
}
