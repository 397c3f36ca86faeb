package io.turnout.snapshot;

import io.netty.util.NetUtil;
import io.turnout.config.EndpointConfig;
import io.turnout.config.PoolConfig;
import io.turnout.snapshot.Overlay.EndpointId;
import io.turnout.telemetry.EndpointMeter;
import io.turnout.telemetry.PoolMeter;
import io.turnout.telemetry.health.EndpointHealth;
import io.turnout.telemetry.health.EndpointHealth.Expected;
import io.turnout.telemetry.health.PoolHealth;
import io.turnout.tls.ClientTls;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns configured pools into plans, and keeps the counters and the health of what stays.
 *
 * <p>Confined to the control thread. Compiling changes nothing before {@link Batch#commit}.
 */
final class PoolCompiler {
    private final int loops;
    private final TlsCompiler tls;
    private Map<String, Kept> pools = Map.of();

    PoolCompiler(int loops, TlsCompiler tls) {
        this.loops = loops;
        this.tls = tls;
    }

    /** What outlives a pool's plan. */
    private record Kept(PoolHealth health, PoolMeter meter, Map<String, EndpointPlan> members) {}

    /** The pools of a world that is not in force yet. */
    final class Batch {
        private final Map<String, Kept> next = new LinkedHashMap<>();
        private final Overlay overlay;
        private final Addresses addresses;

        Batch(Overlay overlay, Addresses addresses) {
            this.overlay = overlay;
            this.addresses = addresses;
        }

        PoolPlan pool(String name, int id, PoolConfig pool) {
            Kept before = pools.get(name);
            PoolHealth shared = before == null ? new PoolHealth() : before.health;
            Kept kept = new Kept(shared, before == null ? new PoolMeter(loops) : before.meter, new LinkedHashMap<>());
            next.put(name, kept);
            ClientTls secured = tls.pool(name, pool);
            for (EndpointConfig endpoint : pool.endpoints()) {
                EndpointTls way = secured == null
                        ? null
                        : new EndpointTls(secured, host(endpoint.address().host()));
                if (endpoint.dns()) {
                    addAll(name, endpoint, way, pool, kept);
                } else {
                    String address = endpoint.address().toString();
                    add(name, address, address, addresses.of(endpoint.address()), way, pool, kept);
                }
            }
            return new PoolPlan(
                    id,
                    name,
                    List.copyOf(kept.members.values()),
                    balance(pool.balance()),
                    pool.protocol() == PoolConfig.Protocol.H2 ? PoolPlan.Protocol.H2 : PoolPlan.Protocol.HTTP1,
                    pool.timeouts().connect().toNanos(),
                    pool.timeouts().response().toNanos(),
                    pool.timeouts().idle().toNanos(),
                    new PoolPlan.Limits(
                            pool.limits().connections(), pool.limits().pending(), loops),
                    plan(pool, shared),
                    kept.meter);
        }

        /** Every address of a name; the name itself, unresolved, while there is none. */
        private void addAll(
                String pool, EndpointConfig endpoint, @Nullable EndpointTls way, PoolConfig config, Kept to) {
            List<InetSocketAddress> found = addresses.all(endpoint.address());
            String name = endpoint.toString();
            if (found.isEmpty()) {
                InetSocketAddress nowhere = InetSocketAddress.createUnresolved(
                        endpoint.address().host(), endpoint.address().port());
                add(pool, name, name, nowhere, way, config, to);
            }
            found.forEach(address -> add(pool, NetUtil.toSocketAddressString(address), name, address, way, config, to));
        }

        /** @param configured as the file has it, by which it can be drained as well */
        private void add(
                String pool,
                String name,
                String configured,
                InetSocketAddress address,
                @Nullable EndpointTls way,
                PoolConfig config,
                Kept to) {
            boolean drained = overlay.isDrained(pool, name) || overlay.isDrained(pool, configured);
            Kept before = pools.get(pool);
            EndpointPlan known = before == null ? null : before.members.get(name);
            EndpointMeter meter = known == null ? new EndpointMeter(loops) : known.meter();
            to.members.putIfAbsent(
                    name,
                    new EndpointPlan(
                            name,
                            address,
                            drained,
                            meter,
                            health(known, address, config, to.health),
                            announcement(config.proxyProtocol()),
                            way));
        }

        private static String host(String configured) {
            return configured.startsWith("[") ? configured.substring(1, configured.length() - 1) : configured;
        }

        private EndpointHealth health(
                @Nullable EndpointPlan known, InetSocketAddress address, PoolConfig config, PoolHealth shared) {
            return known != null && known.address().equals(address)
                    ? known.health()
                    : new EndpointHealth(shared, config.healthCheck() == null ? Expected.NO_PROBES : Expected.PROBES);
        }

        /** Counters of every member, in the order of the configuration. */
        Map<EndpointId, EndpointMeter> meters() {
            Map<EndpointId, EndpointMeter> meters = new LinkedHashMap<>();
            next.forEach((pool, kept) ->
                    kept.members.forEach((name, plan) -> meters.put(new EndpointId(pool, name), plan.meter())));
            return meters;
        }

        /** Makes these the pools whose counters and health are kept. */
        void commit(long nowNanos) {
            next.forEach((name, kept) -> begin(pools.get(name), kept, nowNanos));
            pools = next;
        }
    }

    /** Tells the members that are new, or back, whether others have been serving meanwhile. */
    private static void begin(@Nullable Kept before, Kept next, long nowNanos) {
        Set<EndpointHealth> serving = new HashSet<>();
        Set<EndpointHealth> known = new HashSet<>();
        if (before != null) {
            before.members.values().forEach(member -> {
                known.add(member.health());
                if (member.isInService()) {
                    serving.add(member.health());
                }
            });
        }
        for (EndpointPlan member : next.members.values()) {
            EndpointHealth health = member.health();
            if (!serving.isEmpty() && !serving.contains(health) && member.isInService()) {
                health.onJoined(nowNanos);
            } else if (!known.contains(health)) {
                health.onFirst(nowNanos);
            }
        }
    }

    private static PoolPlan.Balance balance(PoolConfig.Balance balance) {
        return switch (balance) {
            case LEAST_REQUEST -> PoolPlan.Balance.LEAST_REQUEST;
            case ROUND_ROBIN -> PoolPlan.Balance.ROUND_ROBIN;
            case EWMA -> PoolPlan.Balance.EWMA;
        };
    }

    private static Announcement announcement(PoolConfig.ProxyProtocol preamble) {
        return switch (preamble) {
            case OFF -> Announcement.NONE;
            case V1 -> Announcement.V1;
            case V2 -> Announcement.V2;
        };
    }

    private static HealthPlan plan(PoolConfig pool, PoolHealth shared) {
        PoolConfig.HealthCheck check = pool.healthCheck();
        PoolConfig.Outlier outlier = pool.outlier();
        return new HealthPlan(
                shared,
                check == null ? null : probe(check),
                new HealthPlan.Outlier(
                        outlier.consecutiveErrors(), outlier.ejectFor().toNanos(), outlier.maxEjectedPpm()),
                pool.slowStart().toNanos(),
                pool.panicThresholdPpm());
    }

    private static HealthPlan.Probe probe(PoolConfig.HealthCheck check) {
        return new HealthPlan.Probe(
                question(check),
                check.interval().toNanos(),
                check.timeout().toNanos(),
                check.healthyAfter(),
                check.unhealthyAfter());
    }

    private static HealthPlan.Question question(PoolConfig.HealthCheck check) {
        String path = check.path();
        if (path == null) {
            String service = check.grpc() == null ? null : check.grpc().service();
            return new HealthPlan.GrpcCheck(service == null ? "" : service);
        }
        List<HealthPlan.Codes> good = new ArrayList<>();
        check.status().forEach(range -> good.add(new HealthPlan.Codes(range.from(), range.to())));
        return new HealthPlan.Get(path, good);
    }
}
