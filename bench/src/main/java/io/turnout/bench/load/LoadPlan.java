package io.turnout.bench.load;

import io.turnout.bench.wire.Dialect;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * Load to be put on a server. Immutable.
 *
 * @param connections open at the same time, at least 1; of HTTP/2, each carries {@link #STREAMS} requests at a time
 */
public record LoadPlan(
        InetSocketAddress target,
        RequestShape request,
        int connections,
        ConnectionUse use,
        Pace pace,
        Dialect dialect) {
    /** Requests that are under way on one connection of HTTP/2. */
    public static final int STREAMS = 4;

    /** How long a connection is used. */
    public enum ConnectionUse {
        /** For request after request. */
        KEPT,
        /** For one request, which asks for the connection to be closed; its time includes connecting. */
        FRESH,
        /** The same, and TLS goes on with the session of an earlier connection. */
        RESUMED
    }

    public LoadPlan {
        Objects.requireNonNull(target);
        if (connections < 1) {
            throw new IllegalArgumentException("found " + connections + " connections, expected at least 1");
        }
        if (use != ConnectionUse.KEPT && !(pace instanceof Pace.Closed)) {
            throw new IllegalArgumentException("fresh connections come in a closed loop only, found " + pace);
        }
        boolean oneAtATime = use != ConnectionUse.KEPT || pace instanceof Pace.Once || request.isUpload();
        if (dialect.isH2() && oneAtATime) {
            throw new IllegalArgumentException("HTTP/2 carries request after request without bodies, found " + request
                    + " on connections that are " + use);
        }
    }

    /** Whether each connection carries one request only. */
    boolean isFresh() {
        return use != ConnectionUse.KEPT;
    }

    /** Requests one after the other on connections that are kept. */
    public static LoadPlan closed(InetSocketAddress target, RequestShape request, int connections) {
        return new LoadPlan(target, request, connections, ConnectionUse.KEPT, new Pace.Closed(), Dialect.H1);
    }

    /** A connection for every request. */
    public static LoadPlan churn(InetSocketAddress target, RequestShape request, int connections) {
        return new LoadPlan(target, request, connections, ConnectionUse.FRESH, new Pace.Closed(), Dialect.H1);
    }

    /** Requests at a fixed rate. */
    public static LoadPlan fixed(InetSocketAddress target, RequestShape request, int connections, double perSecond) {
        return new LoadPlan(target, request, connections, ConnectionUse.KEPT, new Pace.Fixed(perSecond), Dialect.H1);
    }

    /** One request on each connection. */
    public static LoadPlan once(InetSocketAddress target, RequestShape request, int connections) {
        return new LoadPlan(target, request, connections, ConnectionUse.KEPT, new Pace.Once(), Dialect.H1);
    }

    /** As many requests at a time in another dialect. */
    public LoadPlan in(Dialect other) {
        int links = other.isH2() && !dialect.isH2() ? Math.max(1, connections / STREAMS) : connections;
        return new LoadPlan(target, request, links, use, pace, other);
    }

    /** The same with another use of connections. */
    public LoadPlan using(ConnectionUse other) {
        return new LoadPlan(target, request, connections, other, pace, dialect);
    }
}
