package io.turnout.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An address on which clients are served.
 *
 * @param name identity in metrics, logs and status
 * @param address what is bound; port 0 lets the system choose
 * @param tls null for plain text
 * @param trustedProxies peers whose forwarding headers are believed; empty for none
 */
public record ListenerConfig(
        String name,
        HostPort address,
        @Nullable TlsConfig tls,
        ProxyProtocol proxyProtocol,
        List<IpRange> trustedProxies,
        Timeouts timeouts,
        Paths paths,
        Limits limits) {

    /** Value of a limit in {@link Limits} that stands for no limit, for connections. */
    public static final int ANY_NUMBER = Integer.MAX_VALUE;

    /** Value of a limit in {@link Limits} that stands for no limit, in bytes. */
    public static final long ANY_SIZE = Long.MAX_VALUE;

    public ListenerConfig {
        Require.text("listener name", name);
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** Whether a PROXY protocol preamble stands before each connection's first byte, and in which version. */
    public enum ProxyProtocol {
        OFF,
        V1,
        V2,
        ANY
    }

    /**
     * How long a client may take; each is more than zero.
     *
     * @param header for a whole request head
     * @param body between two pieces of a request body
     * @param idle between two exchanges
     * @param tunnel of silence on a connection that has changed its protocol
     * @param drain for everything that runs when the listener is drained or gone from the file
     */
    public record Timeouts(Duration header, Duration body, Duration idle, Duration tunnel, Duration drain) {
        public Timeouts {
            Require.positive("header timeout", header);
            Require.positive("body timeout", body);
            Require.positive("idle timeout", idle);
            Require.positive("tunnel timeout", tunnel);
            Require.positive("drain timeout", drain);
        }
    }

    /** How paths are read. */
    public record Paths(EncodedSlashes encodedSlashes) {}

    /** What becomes of {@code %2F} and {@code %5C} in a path. */
    public enum EncodedSlashes {
        KEEP,
        REJECT,
        DECODE
    }

    /**
     * How much a client may ask for.
     *
     * @param connections open at a time, or {@link #ANY_NUMBER}
     * @param connectionsPerClient open at a time from one address, or {@link #ANY_NUMBER}
     * @param requestLineBytes at least 8000 (RFC 9112 section 3)
     * @param headerBytes of one head
     * @param fields of one head
     * @param bodyBytes of one request, or {@link #ANY_SIZE}
     * @param minRateBytes per second that a client sends of a body and takes of an answer at least, 0 for any
     * @param glitches endured on one connection, or {@link #ANY_NUMBER}
     */
    public record Limits(
            int connections,
            int connectionsPerClient,
            int requestLineBytes,
            int headerBytes,
            int fields,
            long bodyBytes,
            long minRateBytes,
            int glitches) {
        public Limits {
            Require.atLeast("connections", connections, 1);
            Require.atLeast("connectionsPerClient", connectionsPerClient, 1);
            Require.atLeast("requestLine", requestLineBytes, 8_000);
            Require.atLeast("header", headerBytes, 1_024);
            Require.atLeast("fields", fields, 1);
            Require.atLeast("body", bodyBytes, 0);
            Require.atLeast("minRate", minRateBytes, 0);
            Require.atLeast("glitches", glitches, 1);
        }
    }
}
