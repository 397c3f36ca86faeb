package io.turnout.routing;

/**
 * Maps the hash of a key to a variant so that users move only when weights say so. Immutable.
 *
 * <p>Both ways are monotone: when only the canary's weight rises, users only come to it; when it falls, those leave who
 * came last; nothing is stored. Which way is used hangs on how many variants are listed, weighted or not, so that a
 * weight of 0 re-buckets nobody.
 */
sealed interface KeyedPick {
    /**
     * Picks among some variants.
     *
     * @param among places of variants with weight, as bits; not empty
     */
    int pick(long hash, long among);

    static KeyedPick of(Split split) {
        return split.variants().size() == 2 ? new Threshold(split) : new Rendezvous(split);
    }

    /** Two variants: the canary owns the hashes in {@code [0, weight / sum)} of the hash's range. */
    final class Threshold implements KeyedPick {
        private final int canary;
        private final int canaryWeight;
        private final int total;

        private Threshold(Split split) {
            canary = 1 - split.indexOf(split.stable());
            canaryWeight = split.variants().get(canary).weight();
            total = split.totalWeight();
        }

        /** {@code hash * total / 2^64 < weight} holds exactly when {@code hash < weight / total * 2^64}. */
        @Override
        public int pick(long hash, long among) {
            if (Long.bitCount(among) == 1) {
                return Long.numberOfTrailingZeros(among);
            }
            return FixedLog.unsignedMultiplyHigh(hash, total) < canaryWeight ? canary : 1 - canary;
        }

        int canary() {
            return canary;
        }

        int canaryWeight() {
            return canaryWeight;
        }

        int total() {
            return total;
        }
    }

    /**
     * Any other number: weighted rendezvous. Each variant turns the hash into a number of its own, uniform in (0, 1];
     * the smallest {@code -log(number) / weight} wins, the first listed on a tie. Changing one weight moves users only to
     * or from that variant.
     */
    final class Rendezvous implements KeyedPick {
        private final int[] weights;
        private final long[] seeds;

        private Rendezvous(Split split) {
            weights = split.variants().stream().mapToInt(Variant::weight).toArray();
            seeds = split.variants().stream()
                    .mapToLong(variant -> XxHash64.ofText(variant.name()))
                    .toArray();
        }

        /** Compares by cross product: a logarithm has at most 43 bits and a weight 20. */
        @Override
        public int pick(long hash, long among) {
            int best = Long.numberOfTrailingZeros(among);
            long bestLog = log(hash, best);
            for (long rest = among & among - 1; rest != 0; rest &= rest - 1) {
                int i = Long.numberOfTrailingZeros(rest);
                long log = log(hash, i);
                if (log * weights[best] < bestLog * weights[i]) {
                    best = i;
                    bestLog = log;
                }
            }
            return best;
        }

        private long log(long hash, int variant) {
            return FixedLog.ofUnsignedFraction(XxHash64.ofLong(hash, seeds[variant]));
        }
    }
}
