package io.turnout.judge;

/**
 * What happened on both arms within one tick, under one weight.
 *
 * <p>A tick in which the weight changed, or in which answers to requests of an earlier weight arrive, is given as
 * several samples, one per routing epoch, of which only one carries the time. Samples with weight 0 or 1 bring no
 * comparison but teach the judge what stable is like: feed them before the canary gets traffic.
 *
 * <p>Mutable and reused; confined to the thread that ticks the judge.
 */
public final class TickSample {
    private final ArmSample canary = new ArmSample();
    private final ArmSample stable = new ArmSample();
    private double weight;
    private long epoch;
    private long elapsedNanos;
    private boolean canaryWarming;

    /**
     * Clears the counts and names the epoch.
     *
     * @param weight canary share in force when these requests were routed, 0 to 1, of canary and stable together
     * @param epoch number of the routing epoch; grows with each change of weight
     * @param elapsedNanos time since the last tick, 0 for further samples of the same tick
     */
    public TickSample begin(double weight, long epoch, long elapsedNanos) {
        if (!(weight >= 0 && weight <= 1) || elapsedNanos < 0) {
            throw new IllegalArgumentException("weight " + weight + " for " + elapsedNanos + " ns");
        }
        canary.clear();
        stable.clear();
        this.weight = weight;
        this.epoch = epoch;
        this.elapsedNanos = elapsedNanos;
        canaryWarming = false;
        return this;
    }

    /** Says that some canary endpoint is still within its {@link WarmUp}, so that its latency is left out. */
    public void canaryWarming(boolean warming) {
        canaryWarming = warming;
    }

    public ArmSample canary() {
        return canary;
    }

    public ArmSample stable() {
        return stable;
    }

    public double weight() {
        return weight;
    }

    public long epoch() {
        return epoch;
    }

    public long elapsedNanos() {
        return elapsedNanos;
    }

    boolean isCanaryWarming() {
        return canaryWarming;
    }

    double elapsedSeconds() {
        return elapsedNanos / 1e9;
    }
}
