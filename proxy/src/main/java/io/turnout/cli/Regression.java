package io.turnout.cli;

import io.turnout.judge.plan.ArmBehaviour;

/** What is wrong with a simulated canary. Immutable. */
sealed interface Regression {
    double MAX_FACTOR = 1_000;

    /** So much of its requests fails. */
    record Errors(double share) implements Regression {}

    /** Its answers take so many times as long. */
    record Slowness(double factor) implements Regression {}

    /**
     * Reads {@code errors=5%}, {@code latency=2x} or {@code total}.
     *
     * @throws CommandFailure for anything else
     */
    static Regression parse(String text) throws CommandFailure {
        if (text.equals("total")) {
            return new Errors(1);
        }
        if (text.startsWith("errors=")) {
            return new Errors(TrafficOptions.percent("--regression errors", text.substring("errors=".length())));
        }
        if (text.matches("latency=[0-9]{1,4}(\\.[0-9]{1,4})?x")) {
            double factor = Double.parseDouble(text.substring("latency=".length(), text.length() - 1));
            if (factor > 0 && factor <= MAX_FACTOR) {
                return new Slowness(factor);
            }
        }
        throw TrafficOptions.misuse(
                "--regression: found " + text + ", expected errors=5%, latency=2x (above 0x, at most 1000x) or total");
    }

    /** A canary that is fine but for this. */
    default ArmBehaviour of(ArmBehaviour fine, TrafficOptions traffic) throws CommandFailure {
        if (this instanceof Errors errors) {
            return fine.withErrorRate(errors.share());
        }
        if (this instanceof Slowness slowness) {
            return fine.withLatency(traffic.shape(slowness.factor()));
        }
        throw new AssertionError(this);
    }
}
