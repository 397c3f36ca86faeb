package io.turnout.demo;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.turnout.demo.DemoBackend.Prices;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The versions of the demo's service. All of them run on one thread, so that a machine that is busy with other things is
 * equally slow for each: the guard would be right to notice if it were not. Safe for any thread.
 */
public final class DemoBackends implements AutoCloseable {
    private static final ThreadFactory THREADS = task -> new Thread(task, "demo-backends");

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, THREADS, NioIoHandler.newFactory());
    private final DemoBackend blue = DemoBackend.start(group, "blue", Prices.EXACT);
    private final DemoBackend green = DemoBackend.start(group, "green", Prices.EXACT);
    private final DemoBackend shadow = DemoBackend.start(group, "shadow", Prices.ROUNDED);

    private DemoBackends() {}

    /** Starts them on free loopback ports. */
    public static DemoBackends start() {
        return new DemoBackends();
    }

    /** The trusted version. */
    public DemoBackend blue() {
        return blue;
    }

    /** The version on trial. */
    public DemoBackend green() {
        return green;
    }

    /** A version whose answers nobody sees, and with a fault to be found. */
    public DemoBackend shadow() {
        return shadow;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
