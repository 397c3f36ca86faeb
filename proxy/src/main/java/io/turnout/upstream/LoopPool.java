package io.turnout.upstream;

import io.turnout.loop.Deadline;
import io.turnout.model.UpstreamFailure;
import io.turnout.snapshot.Announcement;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.PoolPlan;
import io.turnout.telemetry.PoolMeter;
import io.turnout.telemetry.health.EndpointHealth;
import io.turnout.telemetry.health.HealthState;
import io.turnout.upstream.Roster.Standing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One pool as one event loop knows it: which endpoint is next, and connections lent and taken back.
 *
 * <p>Confined to its event loop; loops share nothing, so limits are per loop.
 */
public final class LoopPool {
    private final UpstreamLoop loop;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final Roster roster;
    private final RetryBudget retryBudget;
    private PoolPlan plan;
    private List<LoopEndpoint> endpoints = List.of();
    private int connections;

    /** The endpoint whose turn it was when it had no idle connection; the next {@link #lend} is for it. */
    private @Nullable LoopEndpoint owed;

    LoopPool(PoolPlan plan, UpstreamLoop loop) {
        this.loop = loop;
        this.plan = plan;
        roster = new Roster(plan, loop);
        retryBudget = new RetryBudget(loop.ticker().nanos());
        adopt(plan);
    }

    /** The pool's configuration in the newest snapshot this loop has adopted. */
    public PoolPlan plan() {
        return plan;
    }

    /** Whether any endpoint may be asked, as far as is known. */
    public boolean isUsable() {
        Standing standing = roster.standing();
        return standing == Standing.NORMAL || standing == Standing.PANIC;
    }

    /** Whether there is anybody to ask, be it without hope: where no other pool can take the request. */
    public boolean isLastResort() {
        return roster.standing() != Standing.EMPTY;
    }

    /** Takes the newest configuration over; endpoints that stay keep their connections. */
    void adopt(PoolPlan newPlan) {
        plan = newPlan;
        List<LoopEndpoint> kept = new ArrayList<>();
        for (EndpointPlan endpoint : newPlan.endpoints()) {
            LoopEndpoint known = find(endpoint);
            if (known == null) {
                kept.add(new LoopEndpoint(endpoint, this, loop.index()));
            } else {
                known.adopt(endpoint);
                kept.add(known);
            }
        }
        for (LoopEndpoint before : endpoints) {
            if (!kept.contains(before)) {
                before.remove();
            }
        }
        endpoints = kept;
        owed = null;
        roster.adopt(newPlan, kept);
    }

    void onTick(long nowNanos) {
        retryBudget.onTick(nowNanos);
        roster.onTick(nowNanos);
        for (int i = 0; i < endpoints.size(); i++) {
            endpoints.get(i).onTick(nowNanos);
        }
    }

    /** A connection to one of the endpoints was refused, or is open again after that. */
    void onStandingChanged() {
        roster.refresh(loop.ticker().nanos());
    }

    /** Ejects an endpoint for a while, unless too few would be left. */
    void eject(LoopEndpoint endpoint, String reason, long nowNanos) {
        EndpointHealth health = endpoint.plan().health();
        // Loops that see the same failures at the same moment must not eject one member too many between them.
        synchronized (plan.health().shared()) {
            if (mayEject(endpoint, nowNanos)) {
                health.eject(reason, plan.health().outlier().ejectNanos(), nowNanos);
            } else if (!health.state().ejection().isInForce(nowNanos)) {
                plan.meter().add(loop.index(), PoolMeter.Count.EJECTIONS_SPARED, 1);
            }
        }
    }

    private boolean mayEject(LoopEndpoint endpoint, long nowNanos) {
        int inService = 0;
        int ejected = 0;
        int othersHealthy = 0;
        for (LoopEndpoint one : endpoints) {
            if (one.plan().isInService()) {
                HealthState state = one.plan().health().state();
                inService++;
                ejected += state.ejection().isInForce(nowNanos) ? 1 : 0;
                othersHealthy += one != endpoint && state.isHealthy(nowNanos) ? 1 : 0;
            }
        }
        int share = plan.health().outlier().maxEjectedPpm();
        long allowed = share == 0 ? 0 : Math.max(1, (long) inService * share / 1_000_000);
        return othersHealthy > 0
                && ejected < allowed
                && !endpoint.plan().health().state().ejection().isInForce(nowNanos);
    }

    private @Nullable LoopEndpoint find(EndpointPlan wanted) {
        for (LoopEndpoint endpoint : endpoints) {
            // A connection that was opened in another way is of no use, however well it rests.
            if (endpoint.name().equals(wanted.name())
                    && endpoint.plan().address().equals(wanted.address())
                    && endpoint.plan().announcement() == wanted.announcement()
                    && Objects.equals(endpoint.plan().tls(), wanted.tls())) {
                return endpoint;
            }
        }
        return null;
    }

    /** The pool has left the configuration. */
    void remove() {
        endpoints.forEach(LoopEndpoint::remove);
        endpoints = List.of();
        owed = null;
        roster.adopt(plan, endpoints);
        failWaiting();
    }

    /**
     * Lends a resting connection to one of the endpoints, or answers null: then {@link #lend} opens one.
     *
     * @param client for whom it is
     */
    public @Nullable UpstreamConnection lendIdle(Announcer client) {
        LoopEndpoint endpoint = roster.choose(null);
        UpstreamConnection idle = endpoint == null ? null : lendIdle(endpoint, client);
        if (idle == null) {
            owed = endpoint;
        }
        return idle;
    }

    private @Nullable UpstreamConnection lendIdle(LoopEndpoint endpoint, Announcer client) {
        if (plan.protocol() == PoolPlan.Protocol.H2) {
            return endpoint.h2().lend();
        }
        H1UpstreamConnection idle = endpoint.takeIdle(client);
        if (idle != null) {
            idle.lend();
        }
        return idle;
    }

    /**
     * Lends a connection to one of the endpoints.
     *
     * @param avoided an endpoint that has just failed this request, not to be asked again if there is another
     * @param reuse whether a connection that has been used before will do
     */
    public void lend(Borrower borrower, @Nullable LoopEndpoint avoided, Reuse reuse) {
        LoopEndpoint endpoint = avoided == null && owed != null ? owed : roster.choose(avoided);
        owed = null;
        if (endpoint == null) {
            throw new AssertionError("lend from a pool without usable endpoint; ask isLastResort first");
        }
        UpstreamConnection idle = reuse == Reuse.ALLOWED ? lendIdle(endpoint, borrower) : null;
        if (idle != null) {
            borrower.onLent(idle);
            return;
        }
        if (plan.protocol() == PoolPlan.Protocol.H2 && endpoint.h2().join(borrower)) {
            return;
        }
        if (connections < plan.limits().connectionsOf(loop.index()) || evictIdle()) {
            dial(endpoint, borrower);
            return;
        }
        if (waiting.size() < plan.limits().pendingOf(loop.index())) {
            Waiting entry = new Waiting(borrower);
            waiting.addLast(entry);
            count(PoolMeter.Count.PENDING, 1);
            loop.deadlines().setAfter(entry, plan.connectNanos());
            return;
        }
        count(PoolMeter.Count.REJECTED_PENDING, 1);
        borrower.onLendFailed(null, UpstreamFailure.POOL_FULL);
    }

    /** A request is about to be made of this pool for the first time: it adds to what may be retried. */
    public void onRequest() {
        retryBudget.onRequest();
    }

    /**
     * Whether one more retry is within the budget.
     *
     * @param budgetPpm retries allowed in parts per million of this loop's recent requests to the pool
     */
    public boolean mayRetry(int budgetPpm) {
        boolean may = retryBudget.allows(budgetPpm);
        if (!may) {
            count(PoolMeter.Count.REJECTED_RETRY, 1);
        }
        return may;
    }

    /** A retry begins; it is paid for from the budget, and runs until {@link #onRetryEnd}. */
    public void onRetry() {
        retryBudget.onRetry();
        count(PoolMeter.Count.RETRIES_ACTIVE, 1);
    }

    /** A retry is over. */
    public void onRetryEnd() {
        count(PoolMeter.Count.RETRIES_ACTIVE, -1);
    }

    /** Whether connections that have carried a request before may be lent. */
    public enum Reuse {
        ALLOWED,
        FORBIDDEN
    }

    /** Makes room at the limit: an idle connection to another endpoint is worth less than one that is wanted. */
    private boolean evictIdle() {
        for (LoopEndpoint endpoint : endpoints) {
            H1UpstreamConnection idle = endpoint.takeIdle();
            if (idle != null) {
                idle.close();
                return true;
            }
            if (endpoint.h2().retireIdle()) {
                return true;
            }
        }
        return false;
    }

    private void dial(LoopEndpoint endpoint, Borrower borrower) {
        connections++;
        if (plan.protocol() == PoolPlan.Protocol.H2) {
            dialH2(endpoint, borrower);
            return;
        }
        Announcement announcement = endpoint.plan().announcement();
        byte[] preamble = announcement == Announcement.NONE ? null : borrower.preamble(announcement);
        H1UpstreamConnection connection = new H1UpstreamConnection(this, endpoint, loop, preamble);
        EndpointDial.open(loop, endpoint.plan(), plan.connectNanos(), preamble, connection, new EndpointDial.Caller() {
            @Override
            public void onOpen() {
                endpoint.onConnected();
                connection.lend();
                borrower.onLent(connection);
            }

            @Override
            public void onFailure(UpstreamFailure failure) {
                onDialFailed(endpoint, borrower, failure);
            }
        });
    }

    private void dialH2(LoopEndpoint endpoint, Borrower borrower) {
        H2UpstreamConnection connection = H2UpstreamConnection.create(this, endpoint, loop);
        ArrayDeque<Borrower> joined = endpoint.h2().onDial(borrower);
        EndpointDial.open(loop, endpoint.plan(), plan.connectNanos(), null, connection, new EndpointDial.Caller() {
            @Override
            public void onOpen() {
                endpoint.h2().onDialEnd(joined);
                endpoint.onConnected();
                endpoint.h2().add(connection);
                for (Borrower waiting; (waiting = joined.pollFirst()) != null; ) {
                    waiting.onLent(connection.lend());
                }
                onRoom(connection);
            }

            @Override
            public void onFailure(UpstreamFailure failure) {
                endpoint.h2().onDialEnd(joined);
                onDialFailed(endpoint, joined, failure);
            }
        });
    }

    private void onDialFailed(LoopEndpoint endpoint, Borrower borrower, UpstreamFailure failure) {
        onDialFailed(endpoint, new ArrayDeque<>(List.of(borrower)), failure);
    }

    private void onDialFailed(LoopEndpoint endpoint, ArrayDeque<Borrower> borrowers, UpstreamFailure failure) {
        connections--;
        endpoint.onConnectFailed(loop.ticker().nanos());
        for (Borrower borrower; (borrower = borrowers.pollFirst()) != null; ) {
            borrower.onLendFailed(endpoint, failure);
        }
        serveWaiting();
    }

    /** A connection has done its work and may rest until it is lent again. */
    void takeBack(H1UpstreamConnection connection) {
        LoopEndpoint endpoint = connection.endpoint();
        boolean meantForOthers = hasWaiting() && endpoint.plan().announcement() != Announcement.NONE;
        if (!endpoint.isKept() || endpoint.plan().drained() || meantForOthers) {
            connection.close();
            return;
        }
        Waiting next = pollWaiting();
        if (next != null) {
            connection.lend();
            next.borrower.onLent(connection);
            return;
        }
        endpoint.putIdle(connection);
    }

    /** A connection that was open is gone. */
    void onClosed(H1UpstreamConnection connection) {
        connections--;
        connection.endpoint().dropIdle(connection);
        connection.endpoint().meter().onDisconnect();
        serveWaiting();
    }

    /** An HTTP/2 connection that was open is gone. */
    void onClosed(H2UpstreamConnection connection) {
        connections--;
        connection.endpoint().meter().onDisconnect();
        serveWaiting();
    }

    /** Whether somebody waits for a connection, or for a place on one. */
    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** An HTTP/2 connection takes another request. */
    void onRoom(H2UpstreamConnection connection) {
        LoopEndpoint endpoint = connection.endpoint();
        while (!waiting.isEmpty()
                && connection.hasRoom()
                && endpoint.isKept()
                && !endpoint.plan().drained()) {
            Waiting next = pollWaiting();
            if (next != null) {
                next.borrower.onLent(connection.lend());
            }
        }
    }

    private void serveWaiting() {
        if (waiting.isEmpty() || connections >= plan.limits().connectionsOf(loop.index())) {
            return;
        }
        if (!isLastResort()) {
            failWaiting();
            return;
        }
        LoopEndpoint endpoint = roster.choose(null);
        Waiting next = pollWaiting();
        if (next != null && endpoint != null) {
            dial(endpoint, next.borrower);
        }
    }

    private void count(PoolMeter.Count what, long amount) {
        plan.meter().add(loop.index(), what, amount);
    }

    private void failWaiting() {
        for (Waiting entry; (entry = pollWaiting()) != null; ) {
            entry.borrower.onLendFailed(null, UpstreamFailure.NO_ENDPOINT);
        }
    }

    private @Nullable Waiting pollWaiting() {
        Waiting entry = waiting.pollFirst();
        if (entry != null) {
            count(PoolMeter.Count.PENDING, -1);
            loop.deadlines().remove(entry);
        }
        return entry;
    }

    /** A borrower for whom there was neither a connection nor room for a new one; waits as long as a connect may. */
    private final class Waiting extends Deadline {
        final Borrower borrower;

        Waiting(Borrower borrower) {
            this.borrower = borrower;
        }

        @Override
        protected void onDeadline(long nowNanos) {
            waiting.remove(this);
            count(PoolMeter.Count.PENDING, -1);
            count(PoolMeter.Count.REJECTED_WAIT, 1);
            borrower.onLendFailed(null, UpstreamFailure.POOL_FULL);
        }
    }
}
