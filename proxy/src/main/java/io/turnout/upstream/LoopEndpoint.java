package io.turnout.upstream;

import io.turnout.snapshot.EndpointPlan;
import io.turnout.telemetry.EndpointMeter;
import java.util.ArrayDeque;
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
    private final EndpointMeter.Cell meter;
    private EndpointPlan plan;
    private int active;
    private int refusals;
    private long suspectUntilNanos;
    private boolean removed;

    LoopEndpoint(EndpointPlan plan, int loop) {
        this.plan = plan;
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
        refusals = 0;
        meter.onConnect();
    }

    void onConnectFailed(long nowNanos) {
        meter.onConnectFailure();
        int doublings = Math.min(refusals, 5);
        suspectUntilNanos = nowNanos + Math.min(FIRST_SUSPICION_NANOS << doublings, LONGEST_SUSPICION_NANOS);
        refusals++;
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
