package io.turnout.upstream;

import io.turnout.model.UpstreamFailure;
import io.turnout.snapshot.Announcement;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.telemetry.EndpointMeter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint as one event loop knows it: its idle connections, how busy it is, and whether it just refused.
 *
 * <p>Confined to its event loop.
 */
public final class LoopEndpoint {
    private static final long FIRST_SUSPICION_NANOS = 500_000_000L;
    private static final long LONGEST_SUSPICION_NANOS = 10_000_000_000L;

    private final ArrayDeque<H1UpstreamConnection> idle = new ArrayDeque<>();
    private final H2Lines h2 = new H2Lines();
    private final LatencyAverage latency = new LatencyAverage();
    private final LoopPool pool;
    private final EndpointMeter.Cell meter;
    private EndpointPlan plan;
    private int active;
    private int refusals;
    private long suspectUntilNanos;
    private boolean removed;

    LoopEndpoint(EndpointPlan plan, LoopPool pool, int loop) {
        this.plan = plan;
        this.pool = pool;
        this.meter = plan.meter().cell(loop);
    }

    /** Its configuration in the newest snapshot this loop has adopted. */
    public EndpointPlan plan() {
        return plan;
    }

    /** {@code host:port} as configured. */
    public String name() {
        return plan.name();
    }

    /** Requests of this loop that are with the endpoint now. */
    public int active() {
        return active;
    }

    EndpointMeter.Cell meter() {
        return meter;
    }

    void adopt(EndpointPlan newPlan) {
        plan = newPlan;
        if (newPlan.drained()) {
            h2.retireAll();
        }
    }

    /** The HTTP/2 connections to the endpoint. */
    H2Lines h2() {
        return h2;
    }

    /** The endpoint has left the configuration: idle connections go now, busy ones when they are done. */
    void remove() {
        removed = true;
        closeIdle();
        h2.retireAll();
    }

    void closeIdle() {
        for (H1UpstreamConnection connection; (connection = idle.pollLast()) != null; ) {
            connection.close();
        }
    }

    boolean isKept() {
        return !removed;
    }

    /** Whether the last connection attempts failed so recently that others should be asked first. */
    boolean isSuspect(long nowNanos) {
        return refusals > 0 && suspectUntilNanos - nowNanos > 0;
    }

    void onConnected() {
        if (refusals > 0) {
            refusals = 0;
            pool.onStandingChanged();
        }
        meter.onConnect();
    }

    /**
     * An answer has begun.
     *
     * @param latencyNanos since the attempt began
     */
    public void onAnswer(int status, long latencyNanos, long nowNanos) {
        latency.add(latencyNanos, nowNanos);
        meter.latencyMicros((long) latency.nanos() / 1000);
        if (status == 502 || status == 503 || status == 504) {
            onGatewayError("status " + status, nowNanos);
        } else {
            plan.health().onGoodAnswer();
        }
    }

    /**
     * An attempt was given to the endpoint and has ended without a whole answer.
     *
     * @param reused whether its connection had carried a request before: then the endpoint may just have closed it
     */
    public void onAttemptFailed(UpstreamFailure failure, boolean reused, long attemptNanos, long nowNanos) {
        latency.add(Math.max(attemptNanos, (long) latency.nanos()), nowNanos);
        if (!reused || failure != UpstreamFailure.RESET) {
            onGatewayError(failure.label(), nowNanos);
        }
    }

    private void onGatewayError(String what, long nowNanos) {
        int inARow = plan.health().onGatewayError();
        if (inARow >= pool.plan().health().outlier().consecutiveErrors()) {
            pool.eject(this, inARow + " gateway errors in a row, the last one " + what, nowNanos);
        }
    }

    /** What a request is likely to wait here, in nanoseconds; one without answers yet costs much once it is asked. */
    double latencyCost() {
        double nanos = latency.nanos();
        return nanos == 0 && active > 0 ? Double.MAX_VALUE / 2 + active : nanos * (active + 1);
    }

    void onTick(long nowNanos) {
        if (active == 0 && latency.nanos() > 0) {
            latency.onQuiet(nowNanos);
            meter.latencyMicros((long) latency.nanos() / 1000);
        }
    }

    void onConnectFailed(long nowNanos) {
        meter.onConnectFailure();
        int doublings = Math.min(refusals, 5);
        suspectUntilNanos = nowNanos + Math.min(FIRST_SUSPICION_NANOS << doublings, LONGEST_SUSPICION_NANOS);
        refusals++;
        pool.onStandingChanged();
        onGatewayError("a connection that could not be opened", nowNanos);
        // What rests idle towards an endpoint that refuses is dead or about to be.
        closeIdle();
    }

    void onRequest() {
        active++;
        meter.onRequest();
    }

    void onRequestEnd(boolean failed) {
        active--;
        meter.onRequestEnd(failed);
    }

    /** Takes a resting connection that may be used for this client. */
    @Nullable
    H1UpstreamConnection takeIdle(Announcer client) {
        return plan.announcement() == Announcement.NONE ? idle.pollLast() : takeAnnounced(client);
    }

    private @Nullable H1UpstreamConnection takeAnnounced(Announcer client) {
        byte[] preamble = client.preamble(plan.announcement());
        for (Iterator<H1UpstreamConnection> newest = idle.descendingIterator(); newest.hasNext(); ) {
            H1UpstreamConnection connection = newest.next();
            if (Arrays.equals(connection.preamble(), preamble)) {
                newest.remove();
                return connection;
            }
        }
        return null;
    }

    /** Takes a resting connection, whomever it was for. */
    @Nullable
    H1UpstreamConnection takeIdle() {
        return idle.pollLast();
    }

    void putIdle(H1UpstreamConnection connection) {
        idle.addLast(connection);
    }

    void dropIdle(H1UpstreamConnection connection) {
        idle.removeLastOccurrence(connection);
    }
}
