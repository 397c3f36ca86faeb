package io.turnout.exchange;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.turnout.exchange.mirror.LoopMirrors;
import io.turnout.http.H1HeadWriter;
import io.turnout.http.H1RequestParser;
import io.turnout.http.H2HeadWriter;
import io.turnout.http.HeadPool;
import io.turnout.loop.Deadlines;
import io.turnout.model.Ticker;
import io.turnout.routing.Draws;
import io.turnout.shadow.ComparisonSink;
import io.turnout.snapshot.Snapshot;
import io.turnout.snapshot.SnapshotRef;
import io.turnout.snapshot.Vacated;
import io.turnout.telemetry.AccessSink;
import io.turnout.telemetry.LoopMeter;
import io.turnout.upstream.LoopProbes;
import io.turnout.upstream.LoopUpstreams;
import io.turnout.upstream.UpstreamLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * All that belongs to one event loop of the data plane: loops share nothing but the published snapshot.
 *
 * <p>Confined to its event loop after {@link #start}.
 */
public final class DataLoop {
    private final UpstreamLoop upstreamLoop;
    private final LoopUpstreams upstreams;
    private final LoopMirrors mirrors;
    private final LoopProbes probes;
    private final SnapshotRef published;
    private final Draws draws;
    private final LoopMeter meter;
    private final AccessSink accessLog;
    private final H1RequestParser requestParser = new H1RequestParser();
    private final H2HeadWriter h2HeadWriter;
    private final RoutingView routingView = new RoutingView();
    private final Overload overload = new Overload();
    private final RequestIds requestIds = new RequestIds();
    private final WaitingExchanges waiting = new WaitingExchanges();
    private Snapshot adopted;
    private Consumer<Vacated> onVacated = vacated -> {};

    /** A loop that has not begun; call {@link #start} on its event loop. */
    public DataLoop(
            UpstreamLoop upstreamLoop,
            SnapshotRef published,
            Draws draws,
            LoopMeter meter,
            AccessSink accessLog,
            ComparisonSink comparisons) {
        this.upstreamLoop = upstreamLoop;
        this.upstreams = new LoopUpstreams(upstreamLoop);
        this.h2HeadWriter = new H2HeadWriter(upstreamLoop.headWriter());
        this.mirrors = new LoopMirrors(upstreamLoop, comparisons);
        this.probes = new LoopProbes(upstreamLoop);
        this.published = published;
        this.draws = draws;
        this.meter = meter;
        this.accessLog = accessLog;
        this.adopted = published.current();
    }

    /**
     * Begins ticking and following the published snapshot; on the event loop.
     *
     * @param whenVacated tells the loop's clients, in a turn of the event loop that no connection is in the middle of
     */
    public void start(Consumer<Vacated> whenVacated) {
        onVacated = whenVacated;
        upstreams.adopt(adopted.pools());
        mirrors.adopt(adopted);
        probes.adopt(adopted.pools());
        onTick();
        EventLoop eventLoop = upstreamLoop.eventLoop();
        long tick = Deadlines.TICK_NANOS;
        eventLoop.scheduleWithFixedDelay(this::onTick, tick, tick, TimeUnit.NANOSECONDS);
    }

    /** Deadlines, the time of day, and a snapshot that no request has come to notice yet. */
    private void onTick() {
        long epochSecond = System.currentTimeMillis() / 1000;
        upstreamLoop.headWriter().onSecond(epochSecond);
        draws.onTick(epochSecond);
        look(snapshot());
        long now = ticker().nanos();
        upstreams.onTick(now);
        mirrors.onTick(now);
        upstreamLoop.deadlines().sweep(now);
        waiting.onTick(now);
    }

    private void look(Snapshot world) {
        int before = overload.step().ordinal();
        overload.onTick(
                world.overload(),
                meter.read(LoopMeter.Count.EXCHANGES_ACTIVE),
                PooledByteBufAllocator.DEFAULT.pinnedDirectMemory());
        meter.add(LoopMeter.Count.OVERLOAD_STEP, overload.step().ordinal() - before);
    }

    /** Whether answers should end their connections because of the load. */
    public boolean shedsKeepAlive() {
        return overload.step() != Overload.Step.NONE;
    }

    /** Whether new connections should be closed because of the load. */
    public boolean shedsConnections() {
        return overload.step().ordinal() >= Overload.Step.CONNECTIONS.ordinal();
    }

    /** Whether a request that has just begun is more than the loop takes. */
    boolean shedsRequest() {
        return overload.refuses(meter.read(LoopMeter.Count.EXCHANGES_ACTIVE));
    }

    /** The snapshot in force, adopted by this loop first if it is new. */
    @SuppressWarnings("ReferenceEquality") // each publish is a new object, and comparing worlds would cost a walk
    Snapshot snapshot() {
        Snapshot current = published.current();
        if (current != adopted) {
            Vacated vacated = Vacated.between(adopted, current);
            adopted = current;
            draws.follow(current.table());
            upstreams.adopt(current.pools());
            mirrors.adopt(current);
            probes.adopt(current.pools());
            if (!vacated.isEmpty()) {
                eventLoop().execute(() -> onVacated.accept(vacated));
            }
        }
        return current;
    }

    /** Closes everything towards upstream; on the event loop, at the very end. */
    public void close() {
        probes.adopt(List.of());
        mirrors.close();
        upstreams.close();
    }

    /** Index of the loop, from 0. */
    public int index() {
        return upstreamLoop.index();
    }

    /** The event loop itself. */
    public EventLoop eventLoop() {
        return upstreamLoop.eventLoop();
    }

    /** The clock. */
    public Ticker ticker() {
        return upstreamLoop.ticker();
    }

    /** The loop's deadlines. */
    public Deadlines deadlines() {
        return upstreamLoop.deadlines();
    }

    /** The loop's resting heads. */
    public HeadPool heads() {
        return upstreamLoop.heads();
    }

    /** The loop's HTTP/1 head writer. */
    public H1HeadWriter headWriter() {
        return upstreamLoop.headWriter();
    }

    /** The loop's HTTP/2 head writer. */
    public H2HeadWriter h2HeadWriter() {
        return h2HeadWriter;
    }

    /** The loop's HTTP/1 request parser. */
    public H1RequestParser requestParser() {
        return requestParser;
    }

    /** The loop's counters. */
    public LoopMeter meter() {
        return meter;
    }

    LoopUpstreams upstreams() {
        return upstreams;
    }

    LoopMirrors mirrors() {
        return mirrors;
    }

    Draws draws() {
        return draws;
    }

    AccessSink accessLog() {
        return accessLog;
    }

    WaitingExchanges waiting() {
        return waiting;
    }

    RequestIds requestIds() {
        return requestIds;
    }

    RoutingView routingView() {
        return routingView;
    }
}
