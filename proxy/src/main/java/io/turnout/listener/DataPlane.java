package io.turnout.listener;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.turnout.exchange.DataLoop;
import io.turnout.http.H1HeadWriter;
import io.turnout.http.H1ResponseParser;
import io.turnout.http.HeadPool;
import io.turnout.loop.Deadlines;
import io.turnout.loop.PausableReads;
import io.turnout.model.Ticker;
import io.turnout.routing.Draws;
import io.turnout.routing.VisitorMint;
import io.turnout.shadow.ComparisonSink;
import io.turnout.snapshot.ListenerPlan;
import io.turnout.snapshot.SnapshotRef;
import io.turnout.snapshot.Vacated;
import io.turnout.telemetry.AccessSink;
import io.turnout.telemetry.LoopMeter;
import io.turnout.upstream.OpenChannels;
import io.turnout.upstream.UpstreamLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The whole data plane: its event loops and the sockets they serve.
 *
 * <p>{@link #follow}, {@link #drain} and {@link #close} are called by one thread at a time; the rest happens on the
 * loops.
 */
public final class DataPlane implements AutoCloseable {
    private static final int BACKLOG = 4096;

    /**
     * One read takes at most this much. What is read at once is written at once: with less, the other side is woken more
     * often; with more, a slow reader pins more.
     */
    private static final int READ_BYTES = 64 * 1024;

    private static final int FIRST_READ_BYTES = 2048;
    private static final int LEAST_READ_BYTES = 512;

    private final EventLoopGroup group;
    private final Transport transport;
    private final Map<EventLoop, DataLoop> loops = new HashMap<>();
    private final List<DataLoop> loopsInOrder = new ArrayList<>();
    private final Map<String, Listener> listeners = new HashMap<>();
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    private DataPlane(EventLoopGroup group, Transport transport) {
        this.group = group;
        this.transport = transport;
    }

    /**
     * Starts the event loops; nothing listens until {@link #follow}.
     *
     * @param meters one for each loop; their number is the number of loops
     */
    public static DataPlane start(
            Transport transport,
            SnapshotRef published,
            List<LoopMeter> meters,
            VisitorMint mint,
            AccessSink accessLog,
            ComparisonSink comparisons,
            Ticker ticker) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory threads = task -> new FastThreadLocalThread(task, "loop-" + number.getAndIncrement());
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(meters.size(), threads, transport.ioHandlers());
        DataPlane plane = new DataPlane(group, transport);
        int index = 0;
        for (EventExecutor executor : group) {
            EventLoop eventLoop = (EventLoop) executor;
            UpstreamLoop upstream = new UpstreamLoop(
                    index,
                    eventLoop,
                    plane.upstreamBootstrap(eventLoop),
                    new OpenChannels(),
                    new Deadlines(ticker.nanos()),
                    ticker,
                    new HeadPool(),
                    new H1ResponseParser(),
                    new H1HeadWriter());
            Draws draws = new Draws(index, meters.size(), mint);
            DataLoop loop = new DataLoop(upstream, published, draws, meters.get(index), accessLog, comparisons);
            plane.loops.put(eventLoop, loop);
            plane.loopsInOrder.add(loop);
            index++;
        }
        plane.onEachLoop(loop -> loop.start(vacated -> plane.tellClientsOf(loop, vacated)));
        return plane;
    }

    private void tellClientsOf(DataLoop loop, Vacated vacated) {
        clients.stream()
                .filter(client -> client.eventLoop() == loop.eventLoop())
                .forEach(client -> client.pipeline().fireUserEventTriggered(vacated));
    }

    private Bootstrap upstreamBootstrap(EventLoop eventLoop) {
        return new Bootstrap()
                .group(eventLoop)
                .channel(transport.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOCATOR, allocator())
                .option(ChannelOption.RECVBUF_ALLOCATOR, new PausableReads(reads()));
    }

    private static ByteBufAllocator allocator() {
        // Pooled by name: Netty 4.2's default keeps far more memory (docs/decisions).
        return PooledByteBufAllocator.DEFAULT;
    }

    private static AdaptiveRecvByteBufAllocator reads() {
        return new AdaptiveRecvByteBufAllocator(LEAST_READ_BYTES, FIRST_READ_BYTES, READ_BYTES);
    }

    /**
     * Makes the open sockets those of the plan. What is new is opened before what is gone is closed, and an address
     * that stays keeps its socket. Connections of a listener that is drained or gone end with their next answer, and
     * what is left after {@code timeouts.drain} is cut; this does not wait for them.
     *
     * @throws BindException if an address cannot be had; nothing has changed then
     */
    public void follow(List<ListenerPlan> plans) throws BindException {
        Map<String, Listener> opened = new HashMap<>();
        List<ListenerPlan> open = plans.stream().filter(plan -> !plan.drained()).toList();
        for (ListenerPlan plan : open) {
            Listener known = listeners.get(plan.name());
            if (known == null || !known.plan().address().equals(plan.address())) {
                try {
                    opened.put(plan.name(), bind(plan));
                } catch (BindException e) {
                    opened.values().forEach(Listener::close);
                    throw e;
                }
            }
        }
        Map<String, Listener> kept = new HashMap<>();
        for (ListenerPlan plan : open) {
            Listener known = listeners.get(plan.name());
            Listener fresh = opened.get(plan.name());
            if (fresh != null) {
                kept.put(plan.name(), fresh);
            } else if (known != null) {
                known.adopt(plan);
                kept.put(plan.name(), known);
            }
        }
        listeners.values().stream()
                .filter(before -> !kept.containsValue(before))
                .forEach(this::leave);
        listeners.clear();
        listeners.putAll(kept);
    }

    private void leave(Listener gone) {
        long atMostNanos = gone.plan().drainNanos();
        gone.leave(clients, atMostNanos);
        group.next().schedule(() -> gone.cut(clients), atMostNanos, TimeUnit.NANOSECONDS);
    }

    private Listener bind(ListenerPlan plan) throws BindException {
        return Listener.bind(plan, group, transport, loops, clients, BACKLOG, allocator(), reads());
    }

    /**
     * The address a listener is bound to, with the port the system chose where 0 was configured.
     *
     * @throws IllegalArgumentException if it does not listen
     */
    public InetSocketAddress address(String listener) {
        Listener bound = listeners.get(listener);
        if (bound == null) {
            throw new IllegalArgumentException("no listener " + listener);
        }
        return bound.address();
    }

    /**
     * Stops accepting, ends each connection with its next answer, and waits.
     *
     * @return connections that were still open when the time was over, and have been cut
     */
    public int drain(long atMostNanos) {
        listeners.values().forEach(listener -> listener.leave(clients, atMostNanos));
        listeners.clear();
        long deadline = System.nanoTime() + atMostNanos;
        try {
            clients.newCloseFuture().await(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int cut = clients.size();
        clients.forEach(client -> client.pipeline().fireUserEventTriggered(Drain.ENDED));
        clients.close();
        return cut;
    }

    /** Number of client connections open now; any thread. */
    public int connections() {
        return clients.size();
    }

    private void onEachLoop(java.util.function.Consumer<DataLoop> task) {
        for (DataLoop loop : loopsInOrder) {
            loop.eventLoop().submit(() -> task.accept(loop)).syncUninterruptibly();
        }
    }

    /** Closes everything at once. */
    @Override
    public void close() {
        listeners.values().forEach(Listener::close);
        clients.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        onEachLoop(DataLoop::close);
        // A loop may end without closing what it has open, and then nobody frees the memory of its TLS.
        clients.forEach(
                client -> client.eventLoop().execute(() -> client.unsafe().close(client.voidPromise())));
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
