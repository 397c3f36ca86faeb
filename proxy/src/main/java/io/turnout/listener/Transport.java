package io.turnout.listener;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/**
 * How the operating system is asked for I/O. Immutable.
 *
 * @param name {@code epoll}, {@code io_uring} or {@code nio}
 * @param why why this one, in words for the log
 */
public record Transport(
        String name,
        String why,
        IoHandlerFactory ioHandlers,
        Class<? extends ServerSocketChannel> serverChannel,
        Class<? extends SocketChannel> channel) {
    /** What the operator wants. */
    public enum Wish {
        /** The best that loads: epoll, else NIO. */
        AUTO,
        EPOLL,
        IO_URING,
        NIO
    }

    /**
     * The transport for a wish.
     *
     * @throws IllegalStateException if a transport that was asked for by name does not load; its message says why
     */
    public static Transport choose(Wish wish) {
        return switch (wish) {
            case NIO -> nio("configured");
            case EPOLL -> {
                require(Epoll.isAvailable(), "epoll", Epoll.unavailabilityCause());
                yield epoll("configured");
            }
            case IO_URING -> {
                require(IoUring.isAvailable(), "io_uring", IoUring.unavailabilityCause());
                yield ioUring();
            }
            case AUTO ->
                Epoll.isAvailable()
                        ? epoll("the native library loads")
                        : nio("epoll does not load: " + reason(Epoll.unavailabilityCause()));
        };
    }

    private static Transport epoll(String why) {
        return new Transport(
                "epoll", why, LastingEpoll.factory(), EpollServerSocketChannel.class, EpollSocketChannel.class);
    }

    private static Transport ioUring() {
        return new Transport(
                "io_uring",
                "configured",
                IoUringIoHandler.newFactory(),
                IoUringServerSocketChannel.class,
                IoUringSocketChannel.class);
    }

    private static Transport nio(String why) {
        return new Transport(
                "nio", why, NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
    }

    private static void require(boolean available, String name, Throwable cause) {
        if (!available) {
            throw new IllegalStateException("transport " + name + " does not load here: " + reason(cause));
        }
    }

    private static String reason(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
