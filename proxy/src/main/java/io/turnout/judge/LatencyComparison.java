package io.turnout.judge;

/**
 * Latency compared between the arms at three quantiles of stable's recent past.
 *
 * <p>Every settlement uses the share the canary really has among the answers that count, because on one arm more of them
 * may be left out than on the other: failed ones, those of endpoints warming up, those not finished yet. With the weight
 * instead, the wait for a warming canary would look like proof against it within a second.
 *
 * <p>Confined to the thread that ticks its judge. Allocates only when built and at a step.
 */
final class LatencyComparison {
    private static final Quantile[] QUANTILES = Quantile.values();
    private static final long WEIGHTED_BLOCK = 2;
    private static final long KEYED_BLOCK = 20;

    private final LatencyQuantiles past;
    private final LatencyBet[] bets = new LatencyBet[Quantile.COUNT];
    private final ShareBlock[] blocks = new ShareBlock[Quantile.COUNT];
    private final PromotionBet[] promotions = new PromotionBet[Quantile.COUNT];
    private final double[] logMoney = new double[Quantile.COUNT];
    private final double[] logHeld = new double[Quantile.COUNT];
    private long stepEpoch = Long.MIN_VALUE;
    private long canaryAnswers;

    /** @param past what is known of stable, which outlives a trial; taught by this comparison */
    LatencyComparison(JudgePlan.Arms arms, LatencyQuantiles past) {
        this.past = past;
        long minPerArm = arms == JudgePlan.Arms.KEYED ? KEYED_BLOCK : WEIGHTED_BLOCK;
        for (Quantile quantile : QUANTILES) {
            int q = quantile.index();
            bets[q] = new LatencyBet(quantile.level(), Experts.latencyOdds());
            blocks[q] = new ShareBlock(
                    minPerArm,
                    (epoch, share, canary, canarySlow, stable, stableSlow) ->
                            settle(q, epoch, share, canary, canarySlow, stable, stableSlow));
            promotions[q] = newPromotion(quantile);
            logMoney[q] = Math.log(quantile.money());
        }
    }

    /** Begins the opposite bets anew; they take answers of this epoch and later ones. */
    void beginStep(long epoch) {
        for (Quantile quantile : QUANTILES) {
            promotions[quantile.index()] = newPromotion(quantile);
        }
        stepEpoch = epoch;
    }

    /** Settles what the sample says by limits of the past, then lets stable's answers become past. */
    void add(TickSample sample) {
        boolean compared = past.known() && sample.weight() > 0 && sample.weight() < 1;
        for (Quantile quantile : QUANTILES) {
            bets[quantile.index()].wealth().pass(sample.elapsedSeconds());
            if (compared) {
                add(quantile, sample);
            }
        }
        past.learn(sample.stable().latency(), sample.elapsedSeconds());
    }

    /** Natural logarithm of what all quantiles are worth together. */
    double logWealth() {
        for (int q = 0; q < bets.length; q++) {
            logHeld[q] = logMoney[q] + bets[q].wealth().logTotal();
        }
        return LogMath.logSumExp(logHeld, Double.NEGATIVE_INFINITY);
    }

    /** The quantile whose bet holds most. */
    Quantile leader() {
        Quantile best = Quantile.P50;
        for (Quantile quantile : QUANTILES) {
            if (held(quantile) > held(best)) {
                best = quantile;
            }
        }
        return best;
    }

    LatencyBet bet(Quantile quantile) {
        return bets[quantile.index()];
    }

    PromotionBet promotion(Quantile quantile) {
        return promotions[quantile.index()];
    }

    LatencyQuantiles past() {
        return past;
    }

    /** Canary answers that took part since the trial began. */
    long canaryAnswers() {
        return canaryAnswers;
    }

    private double held(Quantile quantile) {
        return logMoney[quantile.index()] + bets[quantile.index()].wealth().logTotal();
    }

    private void add(Quantile quantile, TickSample sample) {
        ArmSample canary = sample.canary();
        ArmSample stable = sample.stable();
        long canaryTimed = canary.timed(quantile);
        if (quantile == Quantile.P50) {
            canaryAnswers += canaryTimed;
        }
        blocks[quantile.index()].add(
                sample.epoch(),
                canaryTimed,
                canary.slow(quantile, past.canaryBucket(quantile)),
                stable.timed(quantile),
                stable.slow(quantile, past.stableBucket(quantile)));
    }

    private void settle(int q, long epoch, double share, long canary, long canarySlow, long stable, long stableSlow) {
        bets[q].settle(share, canary, canarySlow, stable, stableSlow);
        if (epoch >= stepEpoch) {
            promotions[q].settle(share, canary + stable, canarySlow, stableSlow);
        }
    }

    private static PromotionBet newPromotion(Quantile quantile) {
        double rho = quantile == Quantile.P90 ? 1.25 : 1.5;
        double delta = quantile == Quantile.P90 ? .05 : .01;
        return new PromotionBet(rho, delta, Experts.promotionStakes());
    }
}
