package io.turnout.snapshot;

import io.turnout.http.EncodedSlashes;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where clients come in. Immutable; connections keep the plan they were accepted under.
 *
 * @param address where to listen
 * @param drained whether an operator has taken it out: it does not listen
 * @param trustedProxies peers whose word on forwarding is taken
 * @param preambles read from {@code trustedProxies} before each connection's first octet
 * @param tls null for plain text
 * @param headerNanos how long a head may take from its first octet, and a PROXY preamble
 * @param bodyNanos how long a request body may stand still
 * @param idleNanos how long a connection may rest between requests, and an answer stay unread
 * @param tunnelNanos how long a connection that has changed its protocol may stay silent
 * @param drainNanos how long what still runs may take once the listener is drained or gone
 * @param encodedSlashes what becomes of encoded slashes in paths
 * @param limits what a client may send
 */
public record ListenerPlan(
        String name,
        InetSocketAddress address,
        boolean drained,
        List<AddressRange> trustedProxies,
        ProxyPreambles preambles,
        @Nullable ListenerTls tls,
        long headerNanos,
        long bodyNanos,
        long idleNanos,
        long tunnelNanos,
        long drainNanos,
        EncodedSlashes encodedSlashes,
        Limits limits) {
    public ListenerPlan {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /**
     * What a client may send.
     *
     * @param connections open at once, all loops together
     * @param connectionsPerClient open at once from one address
     * @param startLineBytes request line
     * @param headBytes header section
     * @param fields field lines
     * @param bodyBytes request body; {@link Long#MAX_VALUE} for no limit
     * @param minRateBytes octets per second that a client sends of a body and takes of an answer at least
     * @param glitches oddities endured on one connection
     */
    public record Limits(
            int connections,
            int connectionsPerClient,
            int startLineBytes,
            int headBytes,
            int fields,
            long bodyBytes,
            long minRateBytes,
            int glitches) {}
}
