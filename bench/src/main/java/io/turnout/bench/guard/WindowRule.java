package io.turnout.bench.guard;

import java.time.Duration;

/**
 * The rule that release controllers judge by today: once in each window, the canary's success rate and its 99th
 * percentile are held against limits that somebody wrote down, and after so many failed checks it is taken back. The
 * limits here are as good as they can be: between what these services do when well and when not.
 *
 * <p>Confined to the thread of its story.
 */
final class WindowRule {
    /**
     * What somebody wrote down.
     *
     * @param failedChecks so many, in all, take the canary back
     * @param successShare lowest, 0 to 1
     */
    record Limits(Duration window, int failedChecks, double successShare, double p99Millis) {}

    private final Limits limits;
    private int failed;

    WindowRule(Limits limits) {
        this.limits = limits;
    }

    Limits limits() {
        return limits;
    }

    /** One more check; returns whether the canary is to be taken back. */
    boolean check(FaultyService.Tally window) {
        if (window.requests() == 0) {
            return false;
        }
        double success = 1 - (double) window.errors() / window.requests();
        if (success < limits.successShare() || window.p99Millis() > limits.p99Millis()) {
            failed++;
        }
        return failed >= limits.failedChecks();
    }
}
