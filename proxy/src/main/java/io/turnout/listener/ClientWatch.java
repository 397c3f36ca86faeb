package io.turnout.listener;

import io.turnout.loop.Deadline;
import io.turnout.loop.Deadlines;
import io.turnout.snapshot.ListenerPlan;

/**
 * The one deadline of a client's connection: nothing a client does or fails to do holds it for ever.
 *
 * <p>What is awaited changes with the connection's state, so what a missed deadline means is the connection's to say.
 * Confined to its event loop.
 */
final class ClientWatch extends Deadline {
    /** How long input is thrown away after the last answer, so that the client gets it (RFC 9112 section 9.6). */
    private static final long LINGER_NANOS = 2_000_000_000L;

    /** How long a connection that rests when draining begins may go on resting. */
    private static final long DRAIN_REST_NANOS = 1_000_000_000L;

    private final Deadlines deadlines;
    private final ListenerPlan plan;
    private final Runnable onMissed;
    private boolean leaving;

    ClientWatch(Deadlines deadlines, ListenerPlan plan, Runnable onMissed) {
        this.deadlines = deadlines;
        this.plan = plan;
        this.onMissed = onMissed;
    }

    void awaitRequest() {
        deadlines.setAfter(this, plan.idleNanos());
    }

    void awaitLastRequest() {
        deadlines.setAfter(this, DRAIN_REST_NANOS);
    }

    void awaitHead() {
        deadlines.setAfter(this, plan.headerNanos());
    }

    void awaitBodyPart() {
        deadlines.setAfter(this, plan.bodyNanos() / BodyPace.PARTS);
    }

    /** Nothing but octets in either direction keeps a tunnel; one that has been told to leave, nothing at all. */
    void awaitTunnel() {
        if (!leaving) {
            deadlines.setAfter(this, plan.tunnelNanos());
        }
    }

    /** Ends a tunnel after so long, whatever passes through it. */
    void awaitLeave(long nanos) {
        leaving = true;
        deadlines.setAfter(this, nanos);
    }

    /** Half of the time a connection may rest, because two looks are needed to see that nothing moves. */
    void awaitReader() {
        deadlines.setAfter(this, plan.idleNanos() / 2);
    }

    void awaitClose() {
        deadlines.setAfter(this, LINGER_NANOS);
    }

    void awaitNothing() {
        deadlines.clear(this);
    }

    void end() {
        deadlines.remove(this);
    }

    @Override
    protected void onDeadline(long nowNanos) {
        onMissed.run();
    }
}
