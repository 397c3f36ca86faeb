package io.turnout.control;

import io.turnout.adminapi.EndpointStatus;
import io.turnout.adminapi.EndpointStatus.Health;
import io.turnout.adminapi.PoolStatus;
import io.turnout.model.Ticker;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.PoolPlan;
import io.turnout.telemetry.EndpointMeter;
import io.turnout.telemetry.health.HealthState;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes what the API shows out of pools, their members' health and their counters. Safe for any thread. */
final class EndpointViews {
    /** The wall clock has been set, or the machine slept, if it and the ticker went further apart than this. */
    private static final long CLOCK_SET_MILLIS = 1_000;

    private final InstantSource clock;
    private final Ticker ticker;

    /** Kept: taken anew each time it would tell a moment that has not moved a millisecond earlier or later. */
    private volatile Moment anchor;

    /** One moment on both clocks. */
    private record Moment(long nanos, long wallMillis) {
        long toWallMillis(long otherNanos) {
            return wallMillis + TimeUnit.NANOSECONDS.toMillis(otherNanos - nanos);
        }
    }

    EndpointViews(InstantSource clock, Ticker ticker) {
        this.clock = clock;
        this.ticker = ticker;
        anchor = new Moment(ticker.nanos(), clock.millis());
    }

    List<PoolStatus> pools(List<PoolPlan> pools) {
        long now = ticker.nanos();
        long wallMillis = clock.millis();
        if (Math.abs(anchor.toWallMillis(now) - wallMillis) > CLOCK_SET_MILLIS) {
            anchor = new Moment(now, wallMillis);
        }
        return pools.stream()
                .map(pool -> new PoolStatus(
                        pool.name(),
                        pool.usableEndpoints(now),
                        pool.endpoints().stream()
                                .map(endpoint -> endpoint(endpoint, now))
                                .toList()))
                .toList();
    }

    private EndpointStatus endpoint(EndpointPlan endpoint, long now) {
        EndpointMeter meter = endpoint.meter();
        long latencyMicros = meter.latencyMicros();
        return new EndpointStatus(
                endpoint.name(),
                resolved(endpoint.address()),
                endpoint.drained() ? EndpointStatus.DRAINED : EndpointStatus.ACTIVE,
                health(endpoint, now),
                meter.connections(),
                meter.active(),
                meter.requests(),
                meter.failures(),
                latencyMicros == 0 ? null : latencyMicros / 1e3);
    }

    private Health health(EndpointPlan endpoint, long now) {
        HealthState state = endpoint.health().state();
        String name = name(endpoint, state, now);
        boolean ejected = name.equals(Health.EJECTED);
        String reason = name.equals(Health.UNRESOLVED)
                ? "its name is not resolved"
                : state.ejection().number() > 0 && !ejected && state.probed().isHealthy() ? "" : state.reason();
        return new Health(
                name,
                reason,
                instant(state.sinceNanos()),
                ejected ? instant(state.ejection().untilNanos()) : null);
    }

    private static String name(EndpointPlan endpoint, HealthState state, long now) {
        if (endpoint.address().isUnresolved()) {
            return Health.UNRESOLVED;
        }
        if (state.ejection().isInForce(now)) {
            return Health.EJECTED;
        }
        return switch (state.probed()) {
            case NOT_PROBED, UP -> Health.HEALTHY;
            case PENDING -> Health.PENDING;
            case DOWN -> Health.UNHEALTHY;
        };
    }

    /** The wall clock's time of a moment on the ticker. */
    private Instant instant(long nanos) {
        return Instant.ofEpochMilli(anchor.toWallMillis(nanos));
    }

    private static @Nullable String resolved(InetSocketAddress address) {
        if (address.isUnresolved()) {
            return null;
        }
        String ip = address.getAddress().getHostAddress();
        return (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + address.getPort();
    }
}
