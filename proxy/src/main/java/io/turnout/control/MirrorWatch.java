package io.turnout.control;

import io.turnout.config.RolloutConfig;
import io.turnout.shadow.Comparisons;
import java.util.HashMap;
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
    private final Comparisons comparisons;
    private final Map<String, Compared> beginnings = new HashMap<>();

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
        Compared now = Compared.of(comparisons.report(rollout.route(), wanted.pool()));
        Compared begun = beginnings.computeIfAbsent(rollout.route(), route -> now);
        if (!now.goesOnFrom(begun)) {
            begun = Compared.NONE;
            beginnings.put(rollout.route(), begun);
        }
        Compared found = now.since(begun);
        boolean enough = found.answers() >= wanted.minCompared();
        return new Standing(
                enough,
                enough && found.exceed(wanted.maxDifferentPpm()),
                found.inWords(wanted.pool(), wanted.minCompared(), wanted.maxDifferentPpm()));
    }
}
