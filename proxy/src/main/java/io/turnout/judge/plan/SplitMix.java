package io.turnout.judge.plan;

/**
 * A small seeded source of randomness, so that a simulation is a function of its seed (SplitMix64; Steele, Lea and Flood
 * 2014). Mutable; confined to one simulation.
 */
public final class SplitMix {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final double TO_UNIT = 0x1.0p-53;

    private long state;

    public SplitMix(long seed) {
        state = seed;
    }

    /** Any long, all equally likely. */
    public long nextLong() {
        state += GOLDEN;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** From 0 to below 1. */
    public double nextDouble() {
        return (nextLong() >>> 11) * TO_UNIT;
    }

    /** From 0 to {@code bound} - 1; {@code bound} above 0 and small, so that the bias of the product is nil. */
    public int nextInt(int bound) {
        return (int) (nextDouble() * bound);
    }

    /** Another source, whose numbers have nothing to do with this one's. */
    public SplitMix split() {
        return new SplitMix(nextLong());
    }
}
