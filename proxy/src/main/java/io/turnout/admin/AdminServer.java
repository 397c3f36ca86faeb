package io.turnout.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.turnout.admin.live.EventStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin listener: one port, one event loop on a thread named {@code admin}, which shares nothing with the data
 * plane, so that a slow scrape never touches a request and a stopped data plane can still be asked.
 *
 * <p>Safe for any thread.
 */
public final class AdminServer implements AutoCloseable {
    /** Largest body taken, in bytes. */
    static final int MAX_BODY_BYTES = 1024 * 1024;

    static final int MAX_LINE_BYTES = 8 * 1024;
    static final int MAX_HEADER_BYTES = 16 * 1024;

    /** From ready for a request to the request's last octet; so also how long an idle connection is kept. */
    static final Duration REQUEST_WITHIN = Duration.ofSeconds(30);

    private static final long TICK_MILLIS = 1_000;
    private static final int WRITE_STALL_SECONDS = 30;
    private static final int MAX_CONNECTIONS = 256;
    private static final int MAX_WAITING_FILES = 8;
    private static final long STOP_WITHIN_MILLIS = 2_000;
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    private final EventLoopGroup loop;
    private final Runnable atClose;
    private final Channel channel;
    private final ChannelGroup connections;

    private AdminServer(EventLoopGroup loop, Runnable atClose, Channel channel, ChannelGroup connections) {
        this.loop = loop;
        this.atClose = atClose;
        this.connections = connections;
        this.channel = channel;
    }

    /**
     * Binds and begins to answer.
     *
     * @param address where to listen; port 0 lets the system choose
     * @throws IOException if it cannot be bound; the message is one line that names the address and the cause
     */
    public static AdminServer start(InetSocketAddress address, AdminSetup setup) throws IOException {
        ExecutorService files = new ThreadPoolExecutor(
                0, 1, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING_FILES), named("admin-files"));
        EventLoopGroup loop = eventLoop();
        var doorkeeper = new Doorkeeper(setup.access());
        var events = new EventStream(setup.control(), loop.next(), setup.clock());
        var metrics = new MetricsPage(setup.control(), events.counts(), setup.version());
        List<Call> calls = calls(setup, files, metrics, new EventCalls(events, doorkeeper));
        var answers = new AdminCalls(calls, doorkeeper, new IdempotencyKeys(setup.clock()));
        events.start(TICK_MILLIS);
        Supplier<@Nullable AdminTls> tls = () -> AdminTls.of(setup.control());
        return start(address, loop, tls, answers::answer, setup.clock(), REQUEST_WITHIN, () -> {
            events.close();
            files.shutdownNow();
            metrics.close();
        });
    }

    /** Every call there is. */
    static List<Call> calls(AdminSetup setup, Executor files, MetricsPage metrics, EventCalls events) {
        var causes = new Causes(setup.control());
        List<Call> calls = new ArrayList<>();
        calls.addAll(new ViewCalls(setup.control(), setup.readiness()).calls());
        calls.addAll(new ChangeCalls(setup.control(), causes).calls());
        calls.addAll(new ConfigCalls(setup.control(), setup.desired(), causes, files).calls());
        calls.addAll(events.calls());
        calls.addAll(metrics.calls());
        // Before the files: a call of a fixed name goes before a file of any name.
        calls.addAll(ExtraCall.calls(setup.extras()));
        calls.addAll(new ConsoleFiles().calls());
        calls.add(ApiDocument.call(calls, setup.version()));
        return calls;
    }

    static AdminServer start(
            InetSocketAddress address,
            Function<AdminRequest, CompletionStage<Answer>> calls,
            InstantSource clock,
            Duration requestWithin,
            Runnable atClose)
            throws IOException {
        return start(address, eventLoop(), () -> null, calls, clock, requestWithin, atClose);
    }

    private static AdminServer start(
            InetSocketAddress address,
            EventLoopGroup loop,
            Supplier<@Nullable AdminTls> tls,
            Function<AdminRequest, CompletionStage<Answer>> calls,
            InstantSource clock,
            Duration requestWithin,
            Runnable atClose)
            throws IOException {
        var connections = new DefaultChannelGroup(loop.next());
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                // The client's FIN is not its abort: it may have sent all it wants to and wait for the answer.
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new Pipeline(tls, calls, clock, requestWithin.toMillis(), connections))
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            atClose.run();
            loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            throw new IOException("admin: cannot listen on " + text(address) + ": "
                    + bound.cause().getMessage());
        }
        AdminServer server = new AdminServer(loop, atClose, bound.channel(), connections);
        LOG.info("admin listens on {}", text(server.address()));
        return server;
    }

    private static EventLoopGroup eventLoop() {
        return new MultiThreadIoEventLoopGroup(1, named("admin"), NioIoHandler.newFactory());
    }

    private static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new FastThreadLocalThread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private static String text(InetSocketAddress address) {
        return NetUtil.toSocketAddressString(address);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Stops listening and cuts what is still connected; returns within a few seconds. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly(STOP_WITHIN_MILLIS);
        connections.close().awaitUninterruptibly(STOP_WITHIN_MILLIS);
        atClose.run();
        loop.shutdownGracefully(0, STOP_WITHIN_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP_WITHIN_MILLIS);
    }

    /** What a new connection is made of. Confined to the one event loop. */
    private static final class Pipeline extends ChannelInitializer<SocketChannel> {
        private final Supplier<@Nullable AdminTls> tls;
        private final Function<AdminRequest, CompletionStage<Answer>> calls;
        private final InstantSource clock;
        private final long requestWithinMillis;
        private final ChannelGroup connections;

        Pipeline(
                Supplier<@Nullable AdminTls> tls,
                Function<AdminRequest, CompletionStage<Answer>> calls,
                InstantSource clock,
                long requestWithinMillis,
                ChannelGroup connections) {
            this.tls = tls;
            this.calls = calls;
            this.clock = clock;
            this.requestWithinMillis = requestWithinMillis;
            this.connections = connections;
        }

        @Override
        protected void initChannel(SocketChannel connection) {
            if (connections.size() >= MAX_CONNECTIONS) {
                LOG.warn("admin: {} connections are open, one more is closed", MAX_CONNECTIONS);
                connection.close();
                return;
            }
            connections.add(connection);
            AdminTls first = tls.get();
            if (first != null) {
                connection.pipeline().addLast(first);
            }
            var deadline = new RequestDeadline(requestWithinMillis);
            connection
                    .pipeline()
                    .addLast(deadline)
                    .addLast(new WriteTimeoutHandler(WRITE_STALL_SECONDS))
                    .addLast(new HttpServerCodec(new HttpDecoderConfig()
                            .setMaxInitialLineLength(MAX_LINE_BYTES)
                            .setMaxHeaderSize(MAX_HEADER_BYTES)))
                    .addLast(new BoundedRequests(MAX_BODY_BYTES))
                    .addLast(new AdminConnection(calls, clock, deadline));
        }
    }
}
