package io.turnout.config;

import static io.turnout.config.shape.Scalars.choice;
import static io.turnout.config.shape.Scalars.duration;
import static io.turnout.config.shape.Scalars.integer;
import static io.turnout.config.shape.Scalars.percent;

import io.turnout.config.shape.ListShape;
import io.turnout.config.shape.RecordShape;
import io.turnout.config.shape.Shape;
import io.turnout.config.shape.ShortForm;
import java.util.List;

/** Where requests go. */
final class PoolShapes {
    static final Shape<PoolConfig> POOL = ShortForm.ofScalarOrList(pool(), "endpoints");

    private PoolShapes() {}

    private static RecordShape<PoolConfig> pool() {
        RecordShape.Draft<PoolConfig> r = RecordShape.draft(
                "pool",
                "Backends that are interchangeable: one version of one service. May be just its list of endpoints.");
        var endpoints = r.key(
                        "endpoints",
                        ListShape.of(AddressShapes.ENDPOINT).notEmpty().distinct(),
                        PoolConfig::endpoints)
                .doc("Its members. `dns://name:port` is resolved again and again, and stands for all its addresses.");
        var balance = r.key("balance", choice(PoolConfig.Balance.class), PoolConfig::balance)
                .byDefault("leastRequest")
                .doc("How a member is chosen: the less busy of two, in turn, or by recent latency.");
        var protocol = r.key("protocol", choice(PoolConfig.Protocol.class), PoolConfig::protocol)
                .byDefault("http1")
                .doc("What is spoken with the members.");
        var proxyProtocol = r.key("proxyProtocol", choice(PoolConfig.ProxyProtocol.class), PoolConfig::proxyProtocol)
                .byDefault("off")
                .doc("PROXY protocol preamble that each connection to a member begins with, naming the client. A"
                        + " connection is then used again for the same client only. Not for `protocol: h2`.");
        var tls = r.key("tls", TlsShapes.UPSTREAM, PoolConfig::tls).optional().doc("TLS. Absent: plain text.");
        var healthCheck = r.key("healthCheck", healthCheck(), PoolConfig::healthCheck)
                .optional()
                .doc("Active probes. Absent: members count as healthy until exchanges show otherwise.");
        var outlier = r.key("outlier", outlier(), PoolConfig::outlier)
                .byDefaultNone()
                .doc("Ejection of members by what exchanges show. Never of a pool's only member.");
        var panicThreshold = r.key("panicThreshold", percent("0%", "100%"), PoolConfig::panicThresholdPpm)
                .byDefault("20%")
                .doc("Share of healthy members below which all are used. `0%`: never, not even when none is healthy.");
        var slowStart = r.key("slowStart", duration("0s", "1h"), PoolConfig::slowStart)
                .byDefault("30s")
                .doc("How long a new or recovered member takes to its full share. `0s`: at once.");
        var timeouts = r.key("timeouts", timeouts(), PoolConfig::timeouts)
                .byDefaultNone()
                .doc("How long a member may take.");
        var limits =
                r.key("limits", limits(), PoolConfig::limits).byDefaultNone().doc("How much is asked of the pool.");
        r.check((v, reading) -> {
            PoolConfig.ProxyProtocol preamble = v.orNull(proxyProtocol);
            boolean announced = preamble != null && preamble != PoolConfig.ProxyProtocol.OFF;
            if (announced && v.orNull(protocol) == PoolConfig.Protocol.H2) {
                reading.error(
                        v.at(proxyProtocol),
                        "proxyProtocol on connections that carry the requests of many clients",
                        "protocol: http1, or forwarded headers instead of a preamble");
            }
            PoolConfig.HealthCheck check = v.orNull(healthCheck);
            if (check != null && check.grpc() != null && v.orNull(protocol) == PoolConfig.Protocol.HTTP1) {
                reading.error(v.at(healthCheck), "healthCheck.grpc of a pool that speaks HTTP/1.1", "protocol: h2");
            }
        });
        return r.makes(v -> new PoolConfig(
                v.of(endpoints),
                v.of(balance),
                v.of(protocol),
                v.of(proxyProtocol),
                v.orNull(tls),
                v.orNull(healthCheck),
                v.of(outlier),
                v.of(panicThreshold),
                v.of(slowStart),
                v.of(timeouts),
                v.of(limits)));
    }

    private static RecordShape<PoolConfig.HealthCheck> healthCheck() {
        RecordShape.Draft<PoolConfig.HealthCheck> r =
                RecordShape.draft("healthCheck", "A question to every member, again and again; the first one at once.");
        var path = r.key("path", TextShapes.TARGET, PoolConfig.HealthCheck::path)
                .optional()
                .doc("What is asked for with GET.");
        var grpc = r.key("grpc", grpcHealth(), PoolConfig.HealthCheck::grpc)
                .optional()
                .doc("Asks the health service of gRPC (`grpc.health.v1.Health/Check`) instead; `{}` asks for the server"
                        + " as a whole. Needs `protocol: h2`.");
        var interval = r.key("interval", duration("10ms", "1h"), PoolConfig.HealthCheck::interval)
                .byDefault("5s")
                .doc("Between two probes of a member, with some jitter. Too long: a dead member is noticed late.");
        var timeout = r.key("timeout", duration("10ms", "10m"), PoolConfig.HealthCheck::timeout)
                .byDefault("1s")
                .doc("For a whole probe.");
        var healthyAfter = r.key("healthyAfter", integer(1, 100), PoolConfig.HealthCheck::healthyAfter)
                .byDefault("2")
                .doc("Good answers in a row until a member is used.");
        var unhealthyAfter = r.key("unhealthyAfter", integer(1, 100), PoolConfig.HealthCheck::unhealthyAfter)
                .byDefault("3")
                .doc("Failures in a row until it is not.");
        var status = r.key("status", ListShape.of(TextShapes.STATUS).notEmpty().orOne(), PoolConfig.HealthCheck::status)
                .byDefaultList("200-399")
                .doc("Status codes of good answers to `path`; the good answer to `grpc` is `SERVING`.");
        r.exactlyOneOf(List.of(path, grpc));
        return r.makes(v -> new PoolConfig.HealthCheck(
                v.orNull(path),
                v.orNull(grpc),
                v.of(interval),
                v.of(timeout),
                v.of(healthyAfter),
                v.of(unhealthyAfter),
                v.of(status)));
    }

    private static RecordShape<PoolConfig.GrpcHealth> grpcHealth() {
        RecordShape.Draft<PoolConfig.GrpcHealth> r =
                RecordShape.draft("grpcHealth", "What the health service of gRPC is asked.");
        var service = r.key("service", TextShapes.GRPC_SERVICE, PoolConfig.GrpcHealth::service)
                .optional()
                .doc("Full name of the service. Absent: the server as a whole.");
        return r.makes(v -> new PoolConfig.GrpcHealth(v.orNull(service)));
    }

    private static RecordShape<PoolConfig.Outlier> outlier() {
        RecordShape.Draft<PoolConfig.Outlier> r =
                RecordShape.draft("outlier", "Ejection of members that fail while others of the pool do not.");
        var consecutiveErrors = r.key(
                        "consecutiveErrors",
                        integer(1, 10_000).or("never", PoolConfig.Outlier.NEVER),
                        PoolConfig.Outlier::consecutiveErrors)
                .byDefault("5")
                .doc(
                        "Gateway errors in a row (502, 503, 504, failed connections, timeouts) until a member is ejected.");
        var ejectFor = r.key("ejectFor", duration("100ms", "1h"), PoolConfig.Outlier::ejectFor)
                .byDefault("30s")
                .doc("Length of the first ejection; repeated ones last longer.");
        var maxEjected = r.key("maxEjected", percent("0%", "100%"), PoolConfig.Outlier::maxEjectedPpm)
                .byDefault("30%")
                .doc("Share of the members that may be ejected at a time.");
        return r.makes(v -> new PoolConfig.Outlier(v.of(consecutiveErrors), v.of(ejectFor), v.of(maxEjected)));
    }

    private static RecordShape<PoolConfig.Timeouts> timeouts() {
        RecordShape.Draft<PoolConfig.Timeouts> r = RecordShape.draft("poolTimeouts", "How long a member may take.");
        var connect = r.key("connect", duration("1ms", "10m"), PoolConfig.Timeouts::connect)
                .byDefault("2s")
                .doc("Until a connection is open. Beyond: another member, or 502.");
        var response = r.key("response", duration("1ms", "1d"), PoolConfig.Timeouts::response)
                .byDefault("15s")
                .doc("From the end of the request until the first byte of the answer. Beyond: 504.");
        var idle = r.key("idle", duration("1ms", "1d"), PoolConfig.Timeouts::idle)
                .byDefault("60s")
                .doc(
                        "Between two pieces of an answer, and how long an unused connection is kept. Should be shorter than"
                                + " the member's own, or connections die as they are used again.");
        return r.makes(v -> new PoolConfig.Timeouts(v.of(connect), v.of(response), v.of(idle)));
    }

    private static RecordShape<PoolConfig.Limits> limits() {
        RecordShape.Draft<PoolConfig.Limits> r =
                RecordShape.draft("poolLimits", "How much is asked of a pool. Beyond: 503.");
        var connections = r.key("connections", integer(1, 1_000_000), PoolConfig.Limits::connections)
                .byDefault("1024")
                .doc("Connections open at a time.");
        var pending = r.key("pending", integer(0, 1_000_000), PoolConfig.Limits::pending)
                .byDefault("1024")
                .doc("Requests that wait for a connection.");
        return r.makes(v -> new PoolConfig.Limits(v.of(connections), v.of(pending)));
    }
}
