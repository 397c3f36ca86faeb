package io.turnout.judge;

import org.jspecify.annotations.Nullable;

/**
 * How a canary is judged. Immutable.
 *
 * @param comparison by what the canary is compared with stable
 * @param arms how requests were given to the arms
 * @param toleratedRatio the canary may fail this many times as often as stable, 1 or more
 * @param toleratedExcess plus this share of its requests, 0 to below 1
 * @param falseAlarmBudget largest probability of reverting a canary that is not worse than tolerated, over the whole
 *     trial, above 0 and below 1
 * @param errorLimit share of errors that is bad in itself, above 0 and below 1: both arms above it are an incident; the
 *     canary above it is reverted when there is no stable arm
 * @param singleHostDispersion dispersion assumed while stable has a single endpoint, 1 or more
 * @param thirdMetric name of the property counted by {@link ArmSample#flagged}, or null for none
 * @param thresholds limits the user wrote for the canary by itself, or null for none
 * @param catastropheAfter how many first requests must all fail for an immediate revert, 2 or more
 */
public record JudgePlan(
        Comparison comparison,
        Arms arms,
        double toleratedRatio,
        double toleratedExcess,
        double falseAlarmBudget,
        double errorLimit,
        double singleHostDispersion,
        @Nullable String thirdMetric,
        @Nullable Thresholds thresholds,
        int catastropheAfter) {

    /** By what the canary is compared with stable. */
    public enum Comparison {
        /** Not at all: only limits and the catastrophe rule apply. */
        OFF,
        ERRORS,
        ERRORS_AND_LATENCY
    }

    /** How requests were given to the arms. */
    public enum Arms {
        /** Each request by weight, independent of who sent it. */
        WEIGHTED,
        /** By the sender's key: an arm's share of requests is what its users make of it. */
        KEYED
    }

    /** Errors and latency compared, 1.1 times plus 0.05 percentage points tolerated, 1 % false alarms, no limits. */
    public static final JudgePlan DEFAULT =
            new JudgePlan(Comparison.ERRORS_AND_LATENCY, Arms.WEIGHTED, 1.1, .0005, .01, .2, 1.5, null, null, 5);

    public JudgePlan {
        require(toleratedRatio >= 1, "tolerated ratio", toleratedRatio, "1 or more");
        require(toleratedExcess >= 0 && toleratedExcess < 1, "tolerated excess", toleratedExcess, "0 to below 1");
        require(falseAlarmBudget > 0 && falseAlarmBudget < 1, "false-alarm budget", falseAlarmBudget, "0 to 1");
        require(errorLimit > 0 && errorLimit < 1, "error limit", errorLimit, "above 0 and below 1");
        require(singleHostDispersion >= 1, "dispersion of one endpoint", singleHostDispersion, "1 or more");
        require(catastropheAfter >= 2, "catastrophe after", catastropheAfter, "2 or more requests");
    }

    public JudgePlan withComparison(Comparison comparison) {
        return new JudgePlan(
                comparison,
                arms,
                toleratedRatio,
                toleratedExcess,
                falseAlarmBudget,
                errorLimit,
                singleHostDispersion,
                thirdMetric,
                thresholds,
                catastropheAfter);
    }

    public JudgePlan withArms(Arms arms) {
        return new JudgePlan(
                comparison,
                arms,
                toleratedRatio,
                toleratedExcess,
                falseAlarmBudget,
                errorLimit,
                singleHostDispersion,
                thirdMetric,
                thresholds,
                catastropheAfter);
    }

    public JudgePlan withThresholds(@Nullable Thresholds thresholds) {
        return new JudgePlan(
                comparison,
                arms,
                toleratedRatio,
                toleratedExcess,
                falseAlarmBudget,
                errorLimit,
                singleHostDispersion,
                thirdMetric,
                thresholds,
                catastropheAfter);
    }

    public JudgePlan withErrorLimit(double errorLimit) {
        return new JudgePlan(
                comparison,
                arms,
                toleratedRatio,
                toleratedExcess,
                falseAlarmBudget,
                errorLimit,
                singleHostDispersion,
                thirdMetric,
                thresholds,
                catastropheAfter);
    }

    public JudgePlan withThirdMetric(@Nullable String thirdMetric) {
        return new JudgePlan(
                comparison,
                arms,
                toleratedRatio,
                toleratedExcess,
                falseAlarmBudget,
                errorLimit,
                singleHostDispersion,
                thirdMetric,
                thresholds,
                catastropheAfter);
    }

    /** Wealth at which the budget is used up: odds of so many to one. */
    public double oddsLimit() {
        return 1 / falseAlarmBudget;
    }

    private static void require(boolean met, String what, double found, String expected) {
        if (!met) {
            throw new IllegalArgumentException(what + " " + found + ", expected " + expected);
        }
    }
}
