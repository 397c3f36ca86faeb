package io.turnout.exchange.mirror;

/**
 * Leaves a shadow alone that fails time after time, and asks it again one copy at a time, ever more seldom.
 *
 * <p>Confined to its event loop.
 */
final class Breaker {
    /** Failures in a row after which it opens. */
    static final int LIMIT = 5;

    private static final long FIRST_REST_NANOS = 1_000_000_000L;
    private static final int DOUBLINGS = 5;

    private int failures;
    private int rests;
    private long restUntilNanos;
    private boolean probing;

    /** Whether copies go as they come, without a look at the clock. */
    boolean isClosed() {
        return failures < LIMIT;
    }

    /** Whether a copy may be sent; while it is open, that is one probe after each rest. */
    boolean admits(long nowNanos) {
        if (isClosed()) {
            return true;
        }
        if (probing || restUntilNanos - nowNanos > 0) {
            return false;
        }
        probing = true;
        return true;
    }

    void onAnswered() {
        failures = 0;
        rests = 0;
        probing = false;
    }

    void onFailed(long nowNanos) {
        failures++;
        // Copies that were under way when it opened fail too; they do not make the rest longer.
        if (failures == LIMIT || probing) {
            restUntilNanos = nowNanos + (FIRST_REST_NANOS << Math.min(rests, DOUBLINGS));
            rests++;
        }
        probing = false;
    }

    /** A copy ended for a reason that says nothing about the shadow. */
    void onUndecided() {
        probing = false;
    }
}
