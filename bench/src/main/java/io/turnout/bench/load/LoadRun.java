package io.turnout.bench.load;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import io.turnout.bench.wire.HarnessLoop;
import io.turnout.bench.wire.TlsClient;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One plan of load while it runs. What it sees is counted in windows: begin one when the load is steady, end it when
 * enough was seen.
 *
 * <p>The public methods are safe for any thread but the loop, on which everything else happens.
 *
 * <p>At a fixed rate the loop never sleeps: it looks at the clock each time round, so that a request leaves within
 * microseconds of its due time. The rate is kept by counting: request n is due at start + n / rate, and one that could
 * not be sent then keeps its due time. That is what makes a stall of the proxy show in full in the latencies.
 */
public final class LoadRun implements AutoCloseable, LoadConnection.Owner {
    /** A request without answer for so long counts as failed when a window ends. */
    public static final long STUCK_NANOS = 5_000_000_000L;

    private static final int CONNECTING_AT_ONCE = 64;
    private static final long RECONNECT_MILLIS = 10;

    private final HarnessLoop harness;
    private final EventLoop loop;
    private final LoadPlan plan;
    private final H1LoadConnection.Rendered rendered;
    private final @Nullable TlsClient tls;
    private final Set<LoadConnection> open = new HashSet<>();
    private final Set<LoadConnection> connecting = new HashSet<>();
    private final ArrayDeque<LoadConnection> free = new ArrayDeque<>();
    private final CompletableFuture<@Nullable Void> allAnswered = new CompletableFuture<>();
    private LoadWindow.Counting counting = new LoadWindow.Counting(System.nanoTime());
    private @Nullable ScheduledFuture<?> clock;
    private long startNanos;
    private long sent;
    private int wanted;
    private int over;
    private boolean stopped;

    private LoadRun(HarnessLoop harness, LoadPlan plan) {
        this.harness = harness;
        loop = harness.loop();
        this.plan = plan;
        wanted = plan.connections();
        rendered = H1LoadConnection.Rendered.of(plan);
        tls = plan.dialect().isTls() ? new TlsClient(plan.dialect(), sessions(plan)) : null;
    }

    private static TlsClient.Sessions sessions(LoadPlan plan) {
        return plan.use() == LoadPlan.ConnectionUse.RESUMED ? TlsClient.Sessions.RESUMED : TlsClient.Sessions.NEW;
    }

    /** Starts putting load on the target. */
    public static LoadRun start(HarnessLoop harness, LoadPlan plan) {
        LoadRun run = new LoadRun(harness, plan);
        run.onLoop(() -> {
            run.connectMore();
            if (plan.pace() instanceof Pace.Fixed fixed) {
                run.startClock(fixed);
            }
            return true;
        });
        return run;
    }

    /** Forgets what was seen so far and begins anew. */
    public void beginWindow() {
        onLoop(() -> counting = new LoadWindow.Counting(System.nanoTime()));
    }

    /** What was seen since the window began; another begins. */
    public LoadWindow endWindow() {
        return onLoop(() -> {
            long now = System.nanoTime();
            countStuck(now);
            LoadWindow window = counting.end(now, unsent(now));
            counting = new LoadWindow.Counting(now);
            return window;
        });
    }

    /** Completes when every connection of a {@link Pace.Once} plan has had its answer, or its failure. */
    public CompletableFuture<@Nullable Void> allAnswered() {
        return allAnswered;
    }

    /** Stops and closes all connections; requests under way are given up. */
    @Override
    public void close() {
        onLoop(() -> {
            stopped = true;
            if (clock != null) {
                clock.cancel(false);
            }
            Set.copyOf(open).forEach(LoadConnection::close);
            Set.copyOf(connecting).forEach(LoadConnection::close);
            open.clear();
            rendered.head().release();
            if (tls != null) {
                tls.close();
            }
            return true;
        });
    }

    private <T> T onLoop(Callable<T> task) {
        return loop.submit(task).syncUninterruptibly().getNow();
    }

    private void countStuck(long nowNanos) {
        if (plan.pace() instanceof Pace.Once) {
            return;
        }
        for (LoadConnection connection : open) {
            if (connection.waitingSinceNanos() < nowNanos - STUCK_NANOS) {
                counting.onFailed(Failure.STUCK);
            }
        }
    }

    private void startClock(Pace.Fixed fixed) {
        startNanos = System.nanoTime();
        // A task that is due again at once goes through the timer queue, so I/O gets its turn in between.
        clock = loop.scheduleWithFixedDelay(() -> sendDue(fixed), 0, 1, TimeUnit.NANOSECONDS);
    }

    private void sendDue(Pace.Fixed fixed) {
        long due = fixed.dueAfter(System.nanoTime() - startNanos);
        while (sent < due && !free.isEmpty()) {
            free.removeFirst().send(startNanos + fixed.dueNanos(sent));
            sent++;
        }
    }

    private long unsent(long nowNanos) {
        return plan.pace() instanceof Pace.Fixed fixed ? Math.max(0, fixed.dueAfter(nowNanos - startNanos) - sent) : 0;
    }

    private void connectMore() {
        while (!stopped && connecting.size() < CONNECTING_AT_ONCE && open.size() + connecting.size() < wanted) {
            connect();
        }
    }

    private void connect() {
        if (plan.dialect().isH2()) {
            connect(new H2LoadConnection(plan, this));
        } else {
            connect(new H1LoadConnection(rendered, this));
        }
    }

    private <C extends LoadConnection & ChannelHandler> void connect(C connection) {
        connecting.add(connection);
        harness.connect(plan.target(), handlers(connection)).addListener(done -> {
            if (!done.isSuccess()) {
                connecting.remove(connection);
                onFailed(connection, Failure.CONNECT);
            }
        });
    }

    private ChannelHandler[] handlers(ChannelHandler connection) {
        if (tls == null) {
            return new ChannelHandler[] {connection};
        }
        SslHandler handler = tls.newHandler(PooledByteBufAllocator.DEFAULT, plan.target());
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                counting.onHandshake(TlsClient.isResumed(handler));
            }
        });
        return new ChannelHandler[] {handler, connection};
    }

    @Override
    public void onReady(LoadConnection connection) {
        connecting.remove(connection);
        if (stopped) {
            connection.close();
            return;
        }
        open.add(connection);
        if (plan.pace() instanceof Pace.Fixed) {
            free.addLast(connection);
        } else {
            connection.send(plan.isFresh() ? connection.bornNanos() : System.nanoTime());
        }
        connectMore();
    }

    @Override
    public void onAnswered(LoadConnection connection, long dueNanos, long sentNanos, long bodyBytes, boolean reusable) {
        long now = System.nanoTime();
        counting.onAnswered(dueNanos, sentNanos, now, bodyBytes);
        if (stopped) {
            return;
        }
        if (plan.pace() instanceof Pace.Once) {
            onOneOver();
        } else if (!reusable || plan.isFresh()) {
            open.remove(connection);
            connection.close();
            connectMore();
        } else if (plan.pace() instanceof Pace.Fixed) {
            free.addLast(connection);
        } else {
            connection.send(now);
        }
    }

    @Override
    public void onFailed(LoadConnection connection, Failure failure) {
        if (stopped) {
            return;
        }
        counting.onFailed(failure);
        forget(connection);
        if (plan.pace() instanceof Pace.Once) {
            wanted--;
            onOneOver();
        }
        // Not at once: a server that refuses everything would be hammered.
        loop.schedule(this::connectMore, RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void onClosedIdle(LoadConnection connection) {
        if (stopped) {
            return;
        }
        counting.onClosedIdle();
        forget(connection);
        if (plan.pace() instanceof Pace.Once) {
            wanted--;
        }
        connectMore();
    }

    private void forget(LoadConnection connection) {
        open.remove(connection);
        free.removeIf(connection::equals);
    }

    private void onOneOver() {
        over++;
        if (over == plan.connections()) {
            allAnswered.complete(null);
        }
    }
}
