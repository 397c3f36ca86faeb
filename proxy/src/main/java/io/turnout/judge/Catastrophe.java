package io.turnout.judge;

/**
 * The rule for a canary that is dead on arrival: its first requests all failed while stable was fine.
 *
 * <p>It needs no model of the errors, so it works with the very first users. With five requests, and stable seen to fail
 * at most one in ten of twenty or more, a canary that is not worse than tolerated strikes with probability 0.00015 at
 * most, whatever stable's true rate is.
 *
 * <p>Confined to the thread that ticks its judge. Never allocates.
 */
final class Catastrophe {
    private static final long STABLE_ONE_IN = 10;
    private static final long STABLE_REQUESTS = 20;

    private final long first;
    private long canaryFailed;
    private long stableRequests;
    private long stableErrors;
    private boolean survived;
    private boolean alone;

    /** @param first number of requests that must all fail, at least 2 */
    Catastrophe(long first) {
        this.first = first;
    }

    /** Adds one tick's counts. */
    void add(TickSample sample) {
        if (survived) {
            return;
        }
        ArmSample canary = sample.canary();
        canaryFailed += canary.errors();
        stableRequests += sample.stable().requests();
        stableErrors += sample.stable().errors();
        alone = sample.weight() >= 1;
        survived = canary.errors() < canary.requests();
    }

    /** Whether the rule is met now. */
    boolean struck() {
        return !survived && canaryFailed >= first && (alone || stableIsFine());
    }

    /** Requests that all failed so far. */
    long failed() {
        return canaryFailed;
    }

    private boolean stableIsFine() {
        return stableRequests >= STABLE_REQUESTS && stableErrors * STABLE_ONE_IN <= stableRequests;
    }
}
