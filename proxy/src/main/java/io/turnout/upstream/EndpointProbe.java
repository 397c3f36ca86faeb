package io.turnout.upstream;

import io.netty.channel.ChannelHandler;
import io.turnout.loop.Deadline;
import io.turnout.model.UpstreamFailure;
import io.turnout.snapshot.Announcement;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.HealthPlan;
import io.turnout.snapshot.PoolPlan;
import io.turnout.telemetry.health.EndpointHealth;
import io.turnout.telemetry.health.HealthState.Probed;
import org.jspecify.annotations.Nullable;

/**
 * Asks one endpoint for its health again and again, each time on a connection of its own, on behalf of the whole
 * process. Confined to its event loop; what it finds is told to the shared {@link EndpointHealth}.
 */
final class EndpointProbe {
    /** While nothing is known of an endpoint, probes follow each other at least this soon. */
    private static final long EAGER_NANOS = 500_000_000L;

    /** Intervals vary by this part either way, so that probes of many proxies and endpoints do not fall into step. */
    private static final double JITTER = 0.1;

    private final UpstreamLoop loop;
    private final String pool;
    private final EndpointHealth health;
    private final Next next = new Next();
    private final Limit limit = new Limit();
    private PoolPlan.Protocol protocol;
    private EndpointPlan endpoint;
    private HealthPlan.Probe plan;
    private @Nullable RunningProbe running;
    private long startedNanos;
    private int goodInARow;
    private int badInARow;
    private int random;
    private boolean ended;

    EndpointProbe(UpstreamLoop loop, PoolPlan pool, EndpointPlan endpoint, HealthPlan.Probe plan) {
        this.loop = loop;
        this.pool = pool.name();
        protocol = pool.protocol();
        this.endpoint = endpoint;
        this.plan = plan;
        health = endpoint.health();
        random = (pool.name() + ' ' + endpoint.name()).hashCode() | 1;
    }

    EndpointHealth health() {
        return health;
    }

    /** The endpoint is configured anew, or found at the same address again; takes effect with the next probe. */
    void adopt(PoolPlan newPool, EndpointPlan newEndpoint, HealthPlan.Probe newPlan) {
        protocol = newPool.protocol();
        boolean sooner = newPlan.intervalNanos() < plan.intervalNanos();
        endpoint = newEndpoint;
        plan = newPlan;
        if (sooner && running == null) {
            schedule();
        }
    }

    /** Begins with a probe at once. */
    void start() {
        probe();
    }

    /** Ends; the running probe is cut and not heard. */
    void end() {
        ended = true;
        loop.deadlines().remove(next);
        letGo();
        health.onProbingEnded(loop.ticker().nanos());
    }

    private void letGo() {
        loop.deadlines().remove(limit);
        RunningProbe open = running;
        running = null;
        if (open != null) {
            open.close();
        }
    }

    private void probe() {
        letGo();
        startedNanos = loop.ticker().nanos();
        if (endpoint.address().isUnresolved()) {
            onBad("its name is not resolved");
            return;
        }
        if (plan.question() instanceof HealthPlan.GrpcCheck check) {
            GrpcProbe connection = new GrpcProbe(this, loop, check, endpoint, plan.timeoutNanos());
            connect(connection, connection);
        } else if (plan.question() instanceof HealthPlan.Get get) {
            if (protocol == PoolPlan.Protocol.H2) {
                H2GetProbe connection = new H2GetProbe(this, loop, get, endpoint);
                connect(connection, connection);
            } else {
                ProbeConnection connection = new ProbeConnection(this, loop, get, endpoint.name());
                connect(connection, connection);
            }
        }
    }

    private void connect(RunningProbe connection, ChannelHandler handler) {
        running = connection;
        loop.deadlines().setAt(limit, startedNanos + plan.timeoutNanos());
        Announcement announcement = endpoint.announcement();
        byte[] preamble = announcement == Announcement.NONE ? null : announcement.ofNobody();
        EndpointDial.open(loop, endpoint, plan.timeoutNanos(), preamble, handler, new EndpointDial.Caller() {
            @Override
            public void onOpen() {}

            @Override
            public void onFailure(UpstreamFailure failure) {
                onFailed(connection, words(failure));
            }
        });
    }

    private static String words(UpstreamFailure failure) {
        return switch (failure) {
            case CONNECT_TIMEOUT -> "timeout";
            case CONNECT_REFUSED -> "refused";
            default -> failure.label();
        };
    }

    /** What an answer says of the endpoint. */
    enum Verdict {
        GOOD,
        BAD;

        static Verdict of(boolean good) {
            return good ? GOOD : BAD;
        }
    }

    /**
     * The answer is known.
     *
     * @param what it is, for people
     */
    void onAnswer(RunningProbe from, String what, Verdict verdict) {
        if (isCurrent(from)) {
            loop.deadlines().clear(limit);
            // The connection ends by itself, when the endpoint has said all it wanted to.
            running = null;
            if (verdict == Verdict.GOOD) {
                onGood("answers probes with " + what);
            } else {
                onBad(what);
            }
        }
    }

    /** There will be no answer. */
    void onFailed(RunningProbe from, String why) {
        if (isCurrent(from)) {
            letGo();
            onBad(why);
        }
    }

    @SuppressWarnings("ReferenceEquality") // one probe's connection or another's
    private boolean isCurrent(RunningProbe from) {
        return !ended && running == from;
    }

    private void onGood(String how) {
        health.onGoodProbe();
        badInARow = 0;
        goodInARow++;
        Probed before = health.state().probed();
        if (before == Probed.NOT_PROBED || (before != Probed.UP && goodInARow >= plan.healthyAfter())) {
            health.onUp(how, loop.ticker().nanos());
            if (before == Probed.DOWN) {
                ProbeLog.up(pool, endpoint.name(), how);
            }
        }
        schedule();
    }

    /** One failure is enough to be told from an endpoint that was never seen well. */
    private void onBad(String why) {
        health.onBadProbe();
        goodInARow = 0;
        badInARow++;
        Probed before = health.state().probed();
        if (before == Probed.PENDING || (before != Probed.DOWN && badInARow >= plan.unhealthyAfter())) {
            String reason = "probe failed " + (badInARow == 1 ? "" : badInARow + " times in a row, ") + "with " + why;
            health.onDown(reason, loop.ticker().nanos());
            ProbeLog.down(pool, endpoint.name(), reason);
        }
        schedule();
    }

    /** From start to start, unless a probe took longer than the interval. */
    private void schedule() {
        long interval = plan.intervalNanos();
        if (health.state().probed() == Probed.PENDING) {
            interval = Math.min(interval, EAGER_NANOS);
        }
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        double jitter = 1 + JITTER * random / (double) Integer.MAX_VALUE;
        loop.deadlines().setAt(next, startedNanos + (long) (interval * jitter));
    }

    /** It is time for the next probe. */
    private final class Next extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            probe();
        }
    }

    /** The probe that runs has taken too long. */
    private final class Limit extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            RunningProbe late = running;
            if (late != null) {
                onFailed(late, "timeout");
            }
        }
    }
}
