package io.turnout.telemetry.health;

/**
 * What is known of an endpoint's health at one moment. Immutable; times are on the process's ticker.
 *
 * @param probed what active probes say
 * @param reason why the endpoint is in this state, in words for operators
 * @param sinceNanos when the state last changed
 * @param ejection the ejection in force or the last one, {@link Ejection#NONE} before the first
 * @param warmUp when it last began to take its share again
 */
public record HealthState(Probed probed, String reason, long sinceNanos, Ejection ejection, WarmUp warmUp) {
    /** The least share of a warming endpoint, so that it gets requests to warm up with. */
    static final double LEAST_SHARE = 0.1;

    /** What active probes say. */
    public enum Probed {
        /** There are none: it counts as healthy. */
        NOT_PROBED,
        /** No verdict yet: it is used while the pool has nobody who is known to be healthy. */
        PENDING,
        /** It answers as it should. */
        UP,
        /** It does not. */
        DOWN;

        /** Whether requests may be sent as far as probes go. */
        public boolean isHealthy() {
            return this == NOT_PROBED || this == UP;
        }
    }

    /**
     * A time without requests because of what exchanges showed.
     *
     * @param number of ejections that followed closely on each other; 0 for none
     * @param untilNanos when it ends
     * @param lengthNanos how long it is
     */
    public record Ejection(int number, long untilNanos, long lengthNanos) {
        /** Never ejected. */
        public static final Ejection NONE = new Ejection(0, 0, 0);

        /** Whether it is in force. */
        public boolean isInForce(long nowNanos) {
            return number > 0 && untilNanos - nowNanos > 0;
        }
    }

    /**
     * The beginning of a slow start.
     *
     * @param fromNanos when it began, without meaning unless {@code begun}
     * @param begun false for an endpoint that has been there from the pool's start
     */
    public record WarmUp(long fromNanos, boolean begun) {
        /** At its full share. */
        public static final WarmUp NONE = new WarmUp(0, false);

        /** Whether the slow start is still on. */
        public boolean isOn(long nowNanos, long slowStartNanos) {
            return begun && nowNanos - fromNanos < slowStartNanos;
        }

        /** Share of the requests a warm endpoint would get, from {@link #LEAST_SHARE} to 1, rising evenly. */
        public double share(long nowNanos, long slowStartNanos) {
            return isOn(nowNanos, slowStartNanos)
                    ? Math.max(LEAST_SHARE, (double) (nowNanos - fromNanos) / slowStartNanos)
                    : 1;
        }
    }

    /** Whether requests may be sent: healthy by its probes and not ejected. */
    public boolean isHealthy(long nowNanos) {
        return probed.isHealthy() && !ejection.isInForce(nowNanos);
    }

    /** Whether nothing is known yet, for better or worse. */
    public boolean isPending(long nowNanos) {
        return probed == Probed.PENDING && !ejection.isInForce(nowNanos);
    }
}
