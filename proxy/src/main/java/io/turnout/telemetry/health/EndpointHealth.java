package io.turnout.telemetry.health;

import io.turnout.telemetry.health.HealthState.Ejection;
import io.turnout.telemetry.health.HealthState.Probed;
import io.turnout.telemetry.health.HealthState.WarmUp;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The health of one endpoint, one for the whole process. Lives as long as the endpoint stays in the configuration and
 * its name leads to the same address.
 *
 * <p>Safe for any thread. Readers take one volatile reference to an immutable state. Writers, which are rare, take turns:
 * the one prober, loops on which an endpoint fails, and control when members come and go. A good answer costs a read of
 * a counter that is almost never written.
 */
public final class EndpointHealth {
    /** However often an endpoint is ejected, it is tried again after this long, or after its first length if longer. */
    static final long LONGEST_EJECTION_NANOS = 300_000_000_000L;

    private final PoolHealth pool;
    private final AtomicInteger errorsInARow = new AtomicInteger();
    private final AtomicLong goodProbes = new AtomicLong();
    private final AtomicLong badProbes = new AtomicLong();
    private final AtomicLong ejections = new AtomicLong();
    private volatile HealthState state;

    /** What is known of an endpoint before anything is. */
    public enum Expected {
        /** No probes: it counts as healthy until exchanges show otherwise. */
        NO_PROBES,
        /** The first probe is under way. */
        PROBES
    }

    /** An endpoint of which nothing is known yet. */
    public EndpointHealth(PoolHealth pool, Expected expected) {
        this.pool = pool;
        state = expected == Expected.PROBES
                ? new HealthState(Probed.PENDING, "not probed yet", 0, Ejection.NONE, WarmUp.NONE)
                : new HealthState(Probed.NOT_PROBED, "", 0, Ejection.NONE, WarmUp.NONE);
    }

    /** What is known now. */
    public HealthState state() {
        return state;
    }

    /** Probes that were answered as they should be. */
    public long goodProbes() {
        return goodProbes.get();
    }

    /** Probes that were not. */
    public long badProbes() {
        return badProbes.get();
    }

    /** How often it has been ejected. */
    public long ejections() {
        return ejections.get();
    }

    /** The endpoint is in force with its pool from the start; its times count from here. */
    public synchronized void onFirst(long nowNanos) {
        HealthState before = state;
        change(new HealthState(before.probed(), before.reason(), nowNanos, before.ejection(), before.warmUp()));
    }

    /** The endpoint has joined a pool that others serve, or is back in service: a slow start begins. */
    public synchronized void onJoined(long nowNanos) {
        HealthState before = state;
        WarmUp warmUp = new WarmUp(nowNanos, true);
        change(new HealthState(before.probed(), before.reason(), nowNanos, before.ejection(), warmUp));
    }

    /** A probe has been answered as it should be. */
    public void onGoodProbe() {
        goodProbes.incrementAndGet();
    }

    /** A probe has not. */
    public void onBadProbe() {
        badProbes.incrementAndGet();
    }

    /**
     * Probes say that the endpoint can be used. One that was down is another process as far as anybody knows: it begins
     * slowly, and what it was ejected for is forgotten.
     */
    public synchronized void onUp(String reason, long nowNanos) {
        HealthState before = state;
        boolean recovered = before.probed() == Probed.DOWN;
        boolean warms = recovered || before.warmUp().begun();
        if (recovered) {
            errorsInARow.set(0);
        }
        change(new HealthState(
                Probed.UP,
                reason,
                nowNanos,
                recovered ? Ejection.NONE : before.ejection(),
                warms ? new WarmUp(nowNanos, true) : WarmUp.NONE));
    }

    /** Probes say that the endpoint cannot be used. */
    public synchronized void onDown(String reason, long nowNanos) {
        HealthState before = state;
        change(new HealthState(Probed.DOWN, reason, nowNanos, before.ejection(), before.warmUp()));
    }

    /** Nobody probes any more: what probes said last does not count. */
    public synchronized void onProbingEnded(long nowNanos) {
        HealthState before = state;
        change(new HealthState(Probed.NOT_PROBED, "", nowNanos, before.ejection(), before.warmUp()));
    }

    /** An answer that is no gateway error has begun. */
    public void onGoodAnswer() {
        if (errorsInARow.getOpaque() != 0) {
            errorsInARow.set(0);
        }
    }

    /** A gateway error; answers how many there have been in a row, all loops together. */
    public int onGatewayError() {
        return errorsInARow.incrementAndGet();
    }

    /**
     * Takes the endpoint out for a while: twice as long as last time if that has not been over for as long as it
     * lasted. The caller sees to it that others are left.
     *
     * @param firstNanos length of a first ejection
     */
    public synchronized void eject(String reason, long firstNanos, long nowNanos) {
        HealthState before = state;
        if (before.ejection().isInForce(nowNanos)) {
            return;
        }
        Ejection last = before.ejection();
        boolean again = last.number() > 0 && nowNanos - last.untilNanos() < last.lengthNanos();
        int number = again ? last.number() + 1 : 1;
        long longest = Math.max(firstNanos, LONGEST_EJECTION_NANOS);
        long length = again ? Math.min(2 * last.lengthNanos(), longest) : firstNanos;
        long until = nowNanos + length;
        errorsInARow.set(0);
        ejections.incrementAndGet();
        Ejection ejection = new Ejection(number, until, length);
        change(new HealthState(before.probed(), reason, nowNanos, ejection, new WarmUp(until, true)));
    }

    private void change(HealthState next) {
        state = next;
        pool.onChange();
    }
}
