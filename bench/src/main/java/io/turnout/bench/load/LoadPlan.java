package io.turnout.bench.load;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * Load to be put on a server. Immutable.
 *
 * @param connections open at the same time, at least 1
 */
public record LoadPlan(InetSocketAddress target, RequestShape request, int connections, ConnectionUse use, Pace pace) {
    /** How long a connection is used. */
    public enum ConnectionUse {
        /** For request after request. */
        KEPT,
        /** For one request, which asks for the connection to be closed; its time includes connecting. */
        FRESH
    }

    public LoadPlan {
        Objects.requireNonNull(target);
        if (connections < 1) {
            throw new IllegalArgumentException("found " + connections + " connections, expected at least 1");
        }
        if (use == ConnectionUse.FRESH && !(pace instanceof Pace.Closed)) {
            throw new IllegalArgumentException("fresh connections come in a closed loop only, found " + pace);
        }
    }

    /** Requests one after the other on connections that are kept. */
    public static LoadPlan closed(InetSocketAddress target, RequestShape request, int connections) {
        return new LoadPlan(target, request, connections, ConnectionUse.KEPT, new Pace.Closed());
    }

    /** A connection for every request. */
    public static LoadPlan churn(InetSocketAddress target, RequestShape request, int connections) {
        return new LoadPlan(target, request, connections, ConnectionUse.FRESH, new Pace.Closed());
    }

    /** Requests at a fixed rate. */
    public static LoadPlan fixed(InetSocketAddress target, RequestShape request, int connections, double perSecond) {
        return new LoadPlan(target, request, connections, ConnectionUse.KEPT, new Pace.Fixed(perSecond));
    }

    /** One request on each connection. */
    public static LoadPlan once(InetSocketAddress target, RequestShape request, int connections) {
        return new LoadPlan(target, request, connections, ConnectionUse.KEPT, new Pace.Once());
    }
}
