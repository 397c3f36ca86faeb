package io.turnout.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Backends that are interchangeable: one version of one service.
 *
 * @param endpoints at least one, distinct, in file order
 * @param proxyProtocol what each connection to an endpoint begins with, before TLS
 * @param tls null for plain text
 * @param healthCheck null when endpoints are not probed and count as healthy
 * @param panicThresholdPpm share of healthy members below which all are used, in parts per million; 0 for never
 * @param slowStart how long a new or recovered endpoint takes to its full share; zero for at once
 */
public record PoolConfig(
        List<EndpointConfig> endpoints,
        Balance balance,
        Protocol protocol,
        ProxyProtocol proxyProtocol,
        @Nullable Tls tls,
        @Nullable HealthCheck healthCheck,
        Outlier outlier,
        int panicThresholdPpm,
        Duration slowStart,
        Timeouts timeouts,
        Limits limits) {
    public PoolConfig {
        endpoints = List.copyOf(endpoints);
        Require.atLeast("number of endpoints", endpoints.size(), 1);
        Require.ppm("panicThreshold", panicThresholdPpm);
        Require.notNegative("slowStart", slowStart);
    }

    /** How one of a pool's usable endpoints is chosen. */
    public enum Balance {
        /** The less busy of two taken at random. */
        LEAST_REQUEST,
        ROUND_ROBIN,
        /** The one of two taken at random with the lower product of recent latency and requests in flight. */
        EWMA
    }

    /** What is spoken with the endpoints. */
    public enum Protocol {
        HTTP1,
        H2
    }

    /** Whether endpoints are told of the client by a PROXY protocol preamble, and in which version. */
    public enum ProxyProtocol {
        OFF,
        V1,
        V2
    }

    /**
     * TLS towards the endpoints.
     *
     * @param ca PEM file of trusted authorities, or null for the platform's
     * @param serverName name sent and verified, or null for the endpoint's host
     * @param verify what of an endpoint's certificate is verified
     * @param certificate PEM file of our own certificate chain, or null
     * @param key PEM file of its key; null exactly when {@code certificate} is
     */
    public record Tls(
            @Nullable String ca,
            @Nullable String serverName,
            Verify verify,
            @Nullable String certificate,
            @Nullable String key,
            TlsVersion minVersion) {
        public Tls {
            if ((certificate == null) != (key == null)) {
                throw new IllegalArgumentException("certificate and key need each other");
            }
        }

        /** What of an endpoint's certificate is verified. */
        public enum Verify {
            /** Chain, validity and name. */
            FULL,
            /** Chain and validity. */
            CHAIN,
            NONE
        }
    }

    /**
     * Active probes.
     *
     * @param path asked for with GET, or null
     * @param grpc what the health service of gRPC is asked instead; null exactly when {@code path} is not
     * @param healthyAfter good answers in a row until an endpoint is used
     * @param unhealthyAfter failures in a row until it is not
     * @param status codes that are good answers
     */
    public record HealthCheck(
            @Nullable String path,
            @Nullable GrpcHealth grpc,
            Duration interval,
            Duration timeout,
            int healthyAfter,
            int unhealthyAfter,
            List<StatusRange> status) {
        public HealthCheck {
            if ((path == null) == (grpc == null)) {
                throw new IllegalArgumentException("a path or a gRPC service is asked, and not both");
            }
            Require.positive("healthCheck.interval", interval);
            Require.positive("healthCheck.timeout", timeout);
            Require.atLeast("healthCheck.healthyAfter", healthyAfter, 1);
            Require.atLeast("healthCheck.unhealthyAfter", unhealthyAfter, 1);
            status = List.copyOf(status);
            Require.atLeast("number of healthCheck.status", status.size(), 1);
        }
    }

    /**
     * What the health service of gRPC is asked.
     *
     * @param service full name, or null for the server as a whole
     */
    public record GrpcHealth(@Nullable String service) {}

    /**
     * Passive ejection by what exchanges show.
     *
     * @param consecutiveErrors gateway errors in a row until an endpoint is ejected, or {@link #NEVER}
     * @param ejectFor length of the first ejection
     * @param maxEjectedPpm share of the pool that may be ejected at a time, in parts per million
     */
    public record Outlier(int consecutiveErrors, Duration ejectFor, int maxEjectedPpm) {
        /** Value of {@link #consecutiveErrors()} that switches ejection off. */
        public static final int NEVER = Integer.MAX_VALUE;

        public Outlier {
            Require.atLeast("outlier.consecutiveErrors", consecutiveErrors, 1);
            Require.positive("outlier.ejectFor", ejectFor);
            Require.ppm("outlier.maxEjected", maxEjectedPpm);
        }
    }

    /**
     * How long an endpoint may take; each is more than zero.
     *
     * @param connect until a connection is open
     * @param response from the end of the request until the first byte of the answer
     * @param idle between two pieces of an answer, and how long an unused connection is kept
     */
    public record Timeouts(Duration connect, Duration response, Duration idle) {
        public Timeouts {
            Require.positive("connect timeout", connect);
            Require.positive("response timeout", response);
            Require.positive("idle timeout", idle);
        }
    }

    /**
     * How much is asked of the pool.
     *
     * @param connections open at a time
     * @param pending requests that wait for a connection
     */
    public record Limits(int connections, int pending) {
        public Limits {
            Require.atLeast("connections", connections, 1);
            Require.atLeast("pending", pending, 0);
        }
    }
}
