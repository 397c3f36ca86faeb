package io.turnout.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.turnout.loop.Deadline;
import io.turnout.model.UpstreamFailure;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.PoolPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pool as one event loop knows it: which endpoint is next, and connections lent and taken back.
 *
 * <p>Confined to its event loop; loops share nothing, so limits are per loop.
 */
public final class LoopPool {
    /** Retries that may run at once however few requests do. */
    private static final int LEAST_RETRIES = 3;

    private final UpstreamLoop loop;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private PoolPlan plan;
    private List<LoopEndpoint> endpoints = List.of();
    private int connections;
    private int retries;
    private int turn;
    private int random;

    LoopPool(PoolPlan plan, UpstreamLoop loop) {
        this.loop = loop;
        this.plan = plan;
        // Loops begin their turns at different endpoints.
        turn = loop.index();
        random = 0x9E3779B9 * (loop.index() + 1);
        adopt(plan);
    }

    /** The pool's configuration in the newest snapshot this loop has adopted. */
    public PoolPlan plan() {
        return plan;
    }

    /** Whether any endpoint may be asked. */
    public boolean isUsable() {
        for (int i = 0; i < endpoints.size(); i++) {
            if (!endpoints.get(i).plan().drained()) {
                return true;
            }
        }
        return false;
    }

    /** Takes the newest configuration over; endpoints that stay keep their connections. */
    void adopt(PoolPlan newPlan) {
        plan = newPlan;
        List<LoopEndpoint> kept = new ArrayList<>();
        for (EndpointPlan endpoint : newPlan.endpoints()) {
            LoopEndpoint known = find(endpoint);
            if (known == null) {
                kept.add(new LoopEndpoint(endpoint, loop.index()));
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
    }

    private @Nullable LoopEndpoint find(EndpointPlan wanted) {
        for (LoopEndpoint endpoint : endpoints) {
            if (endpoint.name().equals(wanted.name())
                    && endpoint.plan().address().equals(wanted.address())) {
                return endpoint;
            }
        }
        return null;
    }

    /** The pool has left the configuration. */
    void remove() {
        endpoints.forEach(LoopEndpoint::remove);
        endpoints = List.of();
        failWaiting();
    }

    /** Lends a resting connection to one of the endpoints, or answers null: then {@link #lend} opens one. */
    public @Nullable UpstreamConnection lendIdle() {
        LoopEndpoint endpoint = choose(null);
        return endpoint == null ? null : lendIdle(endpoint);
    }

    private @Nullable UpstreamConnection lendIdle(LoopEndpoint endpoint) {
        if (plan.protocol() == PoolPlan.Protocol.H2) {
            return endpoint.h2().lend();
        }
        H1UpstreamConnection idle = endpoint.takeIdle();
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
        LoopEndpoint endpoint = choose(avoided);
        if (endpoint == null) {
            throw new AssertionError("lend from a pool without usable endpoint; ask isUsable first");
        }
        UpstreamConnection idle = reuse == Reuse.ALLOWED ? lendIdle(endpoint) : null;
        if (idle != null) {
            borrower.onLent(idle);
            return;
        }
        if (plan.protocol() == PoolPlan.Protocol.H2 && endpoint.h2().join(borrower)) {
            return;
        }
        if (connections < plan.maxConnections() || evictIdle()) {
            dial(endpoint, borrower);
            return;
        }
        if (waiting.size() < plan.maxPending()) {
            Waiting entry = new Waiting(borrower);
            waiting.addLast(entry);
            loop.deadlines().setAfter(entry, plan.connectNanos());
            return;
        }
        borrower.onLendFailed(endpoint, UpstreamFailure.POOL_FULL);
    }

    /** Whether another retry may run beside those that do: at most this share of the running requests, but three. */
    public boolean mayRetry(int budgetPpm) {
        long active = 0;
        for (int i = 0; i < endpoints.size(); i++) {
            active += endpoints.get(i).active();
        }
        return retries < Math.max(LEAST_RETRIES, active * budgetPpm / 1_000_000);
    }

    /** A retry begins; counts against the budget until {@link #onRetryEnd}. */
    public void onRetry() {
        retries++;
    }

    /** A retry is over. */
    public void onRetryEnd() {
        retries--;
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

    private @Nullable LoopEndpoint choose(@Nullable LoopEndpoint avoided) {
        int size = endpoints.size();
        if (size == 1) {
            return endpoints.get(0);
        }
        long now = loop.ticker().nanos();
        LoopEndpoint chosen =
                plan.balance() == PoolPlan.Balance.ROUND_ROBIN ? inTurn(avoided, now) : lessBusyOfTwo(avoided, now);
        // Nobody is above suspicion: then whoever is next, a wrong guess must not turn into an outage.
        return chosen != null ? chosen : anyOf(avoided);
    }

    private @Nullable LoopEndpoint inTurn(@Nullable LoopEndpoint avoided, long now) {
        int size = endpoints.size();
        for (int i = 0; i < size; i++) {
            LoopEndpoint candidate = endpoints.get(Math.floorMod(turn++, size));
            if (isPreferred(candidate, avoided, now)) {
                return candidate;
            }
        }
        return null;
    }

    /** Mitzenmacher's power of two choices; the fallback scan keeps it exact when most endpoints are out. */
    private @Nullable LoopEndpoint lessBusyOfTwo(@Nullable LoopEndpoint avoided, long now) {
        int size = endpoints.size();
        int first = drawIndex(size);
        int second = drawIndex(size - 1);
        if (second >= first) {
            second++;
        }
        LoopEndpoint a = endpoints.get(first);
        LoopEndpoint b = endpoints.get(second);
        boolean aPreferred = isPreferred(a, avoided, now);
        boolean bPreferred = isPreferred(b, avoided, now);
        if (aPreferred && bPreferred) {
            return b.active() < a.active() ? b : a;
        }
        if (aPreferred || bPreferred) {
            return aPreferred ? a : b;
        }
        return inTurn(avoided, now);
    }

    private LoopEndpoint anyOf(@Nullable LoopEndpoint avoided) {
        int size = endpoints.size();
        LoopEndpoint last = null;
        for (int i = 0; i < size; i++) {
            LoopEndpoint candidate = endpoints.get(Math.floorMod(turn++, size));
            if (!candidate.plan().drained()) {
                last = candidate;
                if (candidate != avoided) {
                    return candidate;
                }
            }
        }
        return last != null ? last : endpoints.get(0);
    }

    private static boolean isPreferred(LoopEndpoint candidate, @Nullable LoopEndpoint avoided, long now) {
        return candidate != avoided && !candidate.plan().drained() && !candidate.isSuspect(now);
    }

    /** Marsaglia's xorshift: speed matters here, quality hardly. */
    private int drawIndex(int bound) {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        return (int) (((random & 0xffffffffL) * bound) >>> 32);
    }

    private void dial(LoopEndpoint endpoint, Borrower borrower) {
        if (endpoint.plan().address().isUnresolved()) {
            endpoint.onConnectFailed(loop.ticker().nanos());
            borrower.onLendFailed(endpoint, UpstreamFailure.CONNECT_REFUSED);
            return;
        }
        connections++;
        if (plan.protocol() == PoolPlan.Protocol.H2) {
            dialH2(endpoint, borrower);
            return;
        }
        H1UpstreamConnection connection = new H1UpstreamConnection(this, endpoint, loop);
        connect(endpoint, connection).addListener(future -> {
            if (future.isSuccess()) {
                endpoint.onConnected();
                connection.lend();
                borrower.onLent(connection);
            } else {
                onDialFailed(endpoint, borrower, future.cause());
            }
        });
    }

    private void dialH2(LoopEndpoint endpoint, Borrower borrower) {
        H2UpstreamConnection connection = H2UpstreamConnection.create(this, endpoint, loop);
        ArrayDeque<Borrower> joined = endpoint.h2().onDial(borrower);
        connect(endpoint, connection).addListener(future -> {
            endpoint.h2().onDialEnd(joined);
            if (!future.isSuccess()) {
                onDialFailed(endpoint, joined, future.cause());
                return;
            }
            endpoint.onConnected();
            endpoint.h2().add(connection);
            for (Borrower waiting; (waiting = joined.pollFirst()) != null; ) {
                waiting.onLent(connection.lend());
            }
            onRoom(connection);
        });
    }

    private ChannelFuture connect(LoopEndpoint endpoint, ChannelHandler handler) {
        Bootstrap bootstrap = loop.bootstrap()
                .clone()
                .handler(handler)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, plan.connectNanos() / 1_000_000));
        return bootstrap.connect(endpoint.plan().address());
    }

    private void onDialFailed(LoopEndpoint endpoint, Borrower borrower, @Nullable Throwable cause) {
        onDialFailed(endpoint, new ArrayDeque<>(List.of(borrower)), cause);
    }

    private void onDialFailed(LoopEndpoint endpoint, ArrayDeque<Borrower> borrowers, @Nullable Throwable cause) {
        connections--;
        endpoint.onConnectFailed(loop.ticker().nanos());
        UpstreamFailure failure = cause instanceof ConnectTimeoutException
                ? UpstreamFailure.CONNECT_TIMEOUT
                : UpstreamFailure.CONNECT_REFUSED;
        for (Borrower borrower; (borrower = borrowers.pollFirst()) != null; ) {
            borrower.onLendFailed(endpoint, failure);
        }
        serveWaiting();
    }

    /** A connection has done its work and may rest until it is lent again. */
    void takeBack(H1UpstreamConnection connection) {
        LoopEndpoint endpoint = connection.endpoint();
        if (!endpoint.isKept() || endpoint.plan().drained()) {
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
        if (waiting.isEmpty() || connections >= plan.maxConnections()) {
            return;
        }
        if (!isUsable()) {
            failWaiting();
            return;
        }
        LoopEndpoint endpoint = choose(null);
        Waiting next = pollWaiting();
        if (next != null && endpoint != null) {
            dial(endpoint, next.borrower);
        }
    }

    private void failWaiting() {
        for (Waiting entry; (entry = pollWaiting()) != null; ) {
            entry.borrower.onLendFailed(null, UpstreamFailure.NO_ENDPOINT);
        }
    }

    private @Nullable Waiting pollWaiting() {
        Waiting entry = waiting.pollFirst();
        if (entry != null) {
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
            borrower.onLendFailed(null, UpstreamFailure.POOL_FULL);
        }
    }
}
