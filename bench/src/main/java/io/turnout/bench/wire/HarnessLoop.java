package io.turnout.bench.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The one event loop that generator and backend share: on one core a second thread would only add switches between the
 * two to what is measured.
 *
 * <p>Safe for any thread.
 */
public final class HarnessLoop implements AutoCloseable {
    private static final int BACKLOG = 4096;

    /** What the allocator still keeps in its thread's cache. */
    private static final int READ_BYTES = 32 * 1024;

    private static final int CONNECT_MILLIS = 5000;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(128 * 1024, 256 * 1024);

    private final boolean epoll = Epoll.isAvailable();
    private final EventLoopGroup group;
    private final EventLoop loop;

    private HarnessLoop() {
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task, "harness-loop");
            thread.setDaemon(true);
            return thread;
        };
        group = new MultiThreadIoEventLoopGroup(
                1, threads, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        loop = group.next();
    }

    /** Starts the loop: on epoll where it loads, else on NIO. */
    public static HarnessLoop start() {
        return new HarnessLoop();
    }

    /** The loop itself. */
    public EventLoop loop() {
        return loop;
    }

    /** {@code epoll} or {@code nio}. */
    public String transport() {
        return epoll ? "epoll" : "nio";
    }

    /** An address of this machine that needs no network. */
    public static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /**
     * Opens a server on this loop.
     *
     * @param handlers makes the one handler of each connection
     */
    public Channel listen(InetSocketAddress address, Supplier<ChannelHandler> handlers) {
        return new ServerBootstrap()
                .group(loop)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(prepared(() -> new ChannelHandler[] {handlers.get()}))
                .bind(address)
                .syncUninterruptibly()
                .channel();
    }

    /**
     * Opens a connection on this loop.
     *
     * @param handlers its handlers, the one next to the socket first
     */
    public ChannelFuture connect(InetSocketAddress address, ChannelHandler... handlers) {
        return new Bootstrap()
                .group(loop)
                .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(prepared(() -> handlers))
                .connect(address);
    }

    private static ChannelInitializer<SocketChannel> prepared(Supplier<ChannelHandler[]> handlers) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.config()
                        .setTcpNoDelay(true)
                        .setAllocator(PooledByteBufAllocator.DEFAULT)
                        .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(READ_BYTES))
                        .setWriteBufferWaterMark(WATER_MARK);
                channel.pipeline().addLast(handlers.get());
            }
        };
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
