package io.turnout.judge;

/**
 * Answers of both arms gathered until the share the canary really had among them can stand for the weight.
 *
 * <p>Needed where an answer's arm is not a fresh coin of known bias: users of a keyed split, and latencies, of which
 * failed and warming-up answers are left out on one arm only. With the realised share the mean factor is at most 1
 * whatever decided who was counted: if {@code w a + (1 - w) b = 1} then {@code a^(w n) b^((1 - w) n) <= 1}. The rule
 * that closes a block looks at the counts alone, never at the hits, and no block spans a change of weight.
 *
 * <p>Confined to the thread that ticks its judge. Allocates only when built.
 */
final class ShareBlock {
    /** Takes a closed block. */
    interface Settlement {
        /**
         * @param epoch the routing epoch of all these answers
         * @param share the canary's part of them, above 0 and below 1
         */
        void settle(long epoch, double share, long canary, long canaryHits, long stable, long stableHits);
    }

    private final long minPerArm;
    private final Settlement settlement;
    private long epoch = Long.MIN_VALUE;
    private long canary;
    private long stable;
    private long canaryHits;
    private long stableHits;

    /** @param minPerArm answers that each arm must have before a block closes, at least 1 */
    ShareBlock(long minPerArm, Settlement settlement) {
        this.minPerArm = minPerArm;
        this.settlement = settlement;
    }

    /** Adds answers; stragglers of an earlier epoch than the open one make a block of their own. */
    void add(long epoch, long canary, long canaryHits, long stable, long stableHits) {
        if (epoch < this.epoch) {
            settle(epoch, canary, canaryHits, stable, stableHits);
            return;
        }
        if (epoch > this.epoch) {
            close();
            this.epoch = epoch;
        }
        this.canary += canary;
        this.canaryHits += canaryHits;
        this.stable += stable;
        this.stableHits += stableHits;
        if (this.canary >= minPerArm && this.stable >= minPerArm) {
            close();
        }
    }

    private void close() {
        settle(epoch, canary, canaryHits, stable, stableHits);
        canary = 0;
        canaryHits = 0;
        stable = 0;
        stableHits = 0;
    }

    private void settle(long epoch, long canary, long canaryHits, long stable, long stableHits) {
        if (canary > 0 && stable > 0) {
            settlement.settle(epoch, (double) canary / (canary + stable), canary, canaryHits, stable, stableHits);
        }
    }
}
