package io.turnout.judge;

/**
 * Tells an outage that both arms share from a bad canary: each arm by itself is held against the error limit.
 *
 * <p>Confined to the thread that ticks its judge. Allocates only when built.
 */
final class Incident {
    private static final double LOG_OVER = Math.log(10);

    /** Enough above the threshold to ride out chance, and soon lived down by good answers. */
    private static final double LOG_CAP = Math.log(10_000);

    private final AbsoluteBet canary;
    private final AbsoluteBet stable;
    private final double logThreshold;
    private boolean running;

    Incident(double errorLimit, double logThreshold) {
        this.logThreshold = logThreshold;
        double logCap = Math.max(LOG_CAP, logThreshold + LOG_OVER);
        canary = new AbsoluteBet(errorLimit, Experts.errorRatesAbove(errorLimit), logCap);
        stable = new AbsoluteBet(errorLimit, Experts.errorRatesAbove(errorLimit), logCap);
    }

    void add(TickSample sample) {
        settle(canary, sample.canary(), sample.elapsedSeconds());
        settle(stable, sample.stable(), sample.elapsedSeconds());
        if (running) {
            running = canary.wealth().logTotal() >= LOG_OVER && stable.wealth().logTotal() >= LOG_OVER;
        } else {
            running = canaryIsBad() && stable.wealth().logTotal() >= logThreshold;
        }
    }

    /** Whether both arms are bad; once so, until one of them has clearly recovered. */
    boolean running() {
        return running;
    }

    /** Whether the canary by itself is bad. */
    boolean canaryIsBad() {
        return canary.wealth().logTotal() >= logThreshold;
    }

    /** Natural logarithm of the odds that the canary exceeds the limit. */
    double logCanaryWealth() {
        return canary.wealth().logTotal();
    }

    /** Natural logarithm of the odds that stable exceeds the limit. */
    double logStableWealth() {
        return stable.wealth().logTotal();
    }

    private static void settle(AbsoluteBet bet, ArmSample arm, double seconds) {
        bet.wealth().pass(seconds);
        bet.settle(arm.requests(), arm.errors());
    }
}
