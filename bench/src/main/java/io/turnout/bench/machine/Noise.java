package io.turnout.bench.machine;

/**
 * What disturbed a measurement. Immutable.
 *
 * @param otherPercent part of the time in which the proxy's core ran something else than the proxy
 * @param stolenPercent part of the time in which the host took either core away, whichever was more
 * @param longestStallMillis longest time for which the stall witness did not get to run
 */
public record Noise(double otherPercent, double stolenPercent, double longestStallMillis) {
    /** From here on a round is called noisy. */
    private static final double NOISY_OTHER_PERCENT = 3;

    private static final double NOISY_STOLEN_PERCENT = 1;

    /** Whether so much was disturbed that the round deserves doubt. */
    public boolean isNoisy() {
        return otherPercent > NOISY_OTHER_PERCENT || stolenPercent > NOISY_STOLEN_PERCENT;
    }

    /** What a stretch of time had of it. */
    static Noise of(double seconds, double proxyCpuSeconds, CoreTimes proxyCore, CoreTimes harnessCore, double stall) {
        double other = Math.max(0, proxyCore.busySeconds() - proxyCpuSeconds);
        double stolen = Math.max(proxyCore.stolenSeconds(), harnessCore.stolenSeconds());
        return new Noise(100 * other / seconds, 100 * stolen / seconds, stall);
    }
}
