package io.turnout.compare;

import java.util.List;

/**
 * What is known of one field. Immutable.
 *
 * @param different requests in which the shadow's answer differed from the primary's here
 * @param noise requests in which the control's answer did
 * @param flagged whether the shadow differs here beyond the noise
 * @param samples the first few of the differences
 */
public record Finding(Field field, long different, long noise, boolean flagged, List<Sample> samples) {
    public Finding {
        samples = List.copyOf(samples);
    }

    /** How many standard deviations a noisy field must be apart from its noise. */
    private static final double DEVIATIONS = 3;

    /**
     * Whether a field differs more often than noise explains: by more than the relative share of the noise, by more than
     * the absolute share of all compared requests, and, where there is noise at all, by more than chance does: both
     * counts scatter, and two of the same size are seldom equal.
     */
    static boolean isFlagged(ComparisonRules rules, long compared, long different, long noise) {
        double excess = (double) different - noise;
        return excess > 0
                && excess * 1e6 > (double) rules.noiseRelativePpm() * noise
                && excess * 1e6 > (double) rules.noiseAbsolutePpm() * compared
                && (noise == 0 || excess > DEVIATIONS * Math.sqrt((double) different + noise));
    }
}
