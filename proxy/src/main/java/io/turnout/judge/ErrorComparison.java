package io.turnout.judge;

/**
 * One property of answers (failed, or the third metric's) compared between the arms: the bet that the canary has it too
 * often, and the opposite bet of the current step.
 *
 * <p>Weighted arms are settled sample by sample under the weight of the sample. Keyed arms are settled in blocks with the
 * realised share, as a user is not a fresh coin. Confined to the thread that ticks its judge; allocates only at a step.
 */
final class ErrorComparison {
    private static final long KEYED_BLOCK = 20;

    private final ErrorBet bet;
    private final Dispersion dispersion;
    private final boolean keyed;
    private final ShareBlock block = new ShareBlock(KEYED_BLOCK, this::settleBlock);
    private PromotionBet promotion = promotionAt(0);
    private long stepEpoch = Long.MIN_VALUE;
    private int canaryHosts = 1;
    private int stableHosts = 1;

    ErrorComparison(JudgePlan plan, Dispersion dispersion) {
        bet = new ErrorBet(plan.toleratedRatio(), plan.toleratedExcess(), Experts.errorRatios());
        this.dispersion = dispersion;
        keyed = plan.arms() == JudgePlan.Arms.KEYED;
    }

    /** Begins the opposite bet anew; it takes answers of this epoch and later ones. */
    void beginStep(double weight, long epoch) {
        promotion = promotionAt(weight);
        stepEpoch = epoch;
    }

    /** Settles what the sample says. */
    void add(TickSample sample, long canaryHits, long stableHits) {
        bet.wealth().pass(sample.elapsedSeconds());
        long canary = sample.canary().requests();
        long stable = sample.stable().requests();
        if (!(sample.weight() > 0 && sample.weight() < 1) || canary + stable == 0) {
            return;
        }
        canaryHosts = sample.canary().hosts().size();
        stableHosts = sample.stable().hosts().size();
        if (keyed) {
            block.add(sample.epoch(), canary, canaryHits, stable, stableHits);
        } else {
            settle(sample.epoch(), sample.weight(), canary + stable, canaryHits, stableHits);
        }
    }

    ErrorBet bet() {
        return bet;
    }

    PromotionBet promotion() {
        return promotion;
    }

    private void settleBlock(long epoch, double share, long canary, long canaryHits, long stable, long stableHits) {
        settle(epoch, share, canary + stable, canaryHits, stableHits);
    }

    private void settle(long epoch, double weight, long requests, long canaryHits, long stableHits) {
        double canaryDispersion = dispersion.canary(weight, canaryHosts, stableHosts);
        bet.settle(weight, requests, canaryHits, stableHits, canaryDispersion, dispersion.stable());
        if (epoch >= stepEpoch) {
            promotion.settle(weight, requests, canaryHits, stableHits);
        }
    }

    private static PromotionBet promotionAt(double weight) {
        return new PromotionBet(1.5, toleratedExcess(weight), Experts.promotionStakes());
    }

    /** What a step must rule out beyond 1.5 times stable's rate; later steps carry more users and ask for more. */
    private static double toleratedExcess(double weight) {
        if (weight < .05) {
            return .02;
        }
        return weight < .5 ? .01 : .005;
    }
}
