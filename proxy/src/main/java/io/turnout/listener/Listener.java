package io.turnout.listener;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.group.ChannelGroup;
import io.turnout.exchange.DataLoop;
import io.turnout.listener.ConnectionCounts.ConnectionCount;
import io.turnout.snapshot.ListenerPlan;
import io.turnout.snapshot.ProxyPreambles;
import io.turnout.telemetry.LoopMeter.Count;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One listening socket. Connections are handed to the loops in turn as they are accepted, and stay there.
 *
 * <p>Safe for any thread: the plan is one volatile field, connections take it over when they are accepted.
 */
final class Listener {
    private final ConnectionCounts counts = new ConnectionCounts();
    private final Handshakes handshakes = new Handshakes();
    private final Departure departure = Departure.ofListener();
    private volatile ListenerPlan plan;
    private @Nullable Channel channel;

    private Listener(ListenerPlan plan) {
        this.plan = plan;
    }

    static Listener bind(
            ListenerPlan plan,
            EventLoopGroup group,
            Transport transport,
            Map<EventLoop, DataLoop> loops,
            ChannelGroup clients,
            int backlog,
            ByteBufAllocator allocator,
            RecvByteBufAllocator reads)
            throws BindException {
        Listener listener = new Listener(plan);
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, backlog)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, reads)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        listener.onAccepted(client, Objects.requireNonNull(loops.get(client.eventLoop())), clients);
                    }
                })
                .bind(plan.address())
                .awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            throw new BindException(
                    "listener " + plan.name() + " cannot listen on " + text(plan.address()) + ": " + reason(cause));
        }
        listener.channel = bound.channel();
        return listener;
    }

    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("Address already in use")
                ? "the address is already in use by another process"
                : message;
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    private void onAccepted(Channel client, DataLoop loop, ChannelGroup clients) {
        ListenerPlan current = plan;
        if (loop.shedsConnections()) {
            loop.meter().increment(Count.SHED_CONNECTIONS);
            client.close();
            return;
        }
        InetSocketAddress remote = (InetSocketAddress) client.remoteAddress();
        ConnectionCount count = remote == null
                ? null
                : counts.open(
                        remote.getAddress(),
                        current.limits().connections(),
                        // A peer that speaks for others may have as many connections as they together.
                        current.preambles() == ProxyPreambles.NONE
                                ? current.limits().connectionsPerClient()
                                : Integer.MAX_VALUE);
        if (count == null) {
            loop.meter().increment(Count.CONNECTIONS_REFUSED);
            client.close();
            return;
        }
        clients.add(client);
        loop.meter().increment(Count.CONNECTIONS_ACCEPTED);
        loop.meter().add(Count.CONNECTIONS_OPEN, 1);
        client.closeFuture().addListener(closed -> {
            loop.meter().add(Count.CONNECTIONS_OPEN, -1);
            count.onClosed();
        });
        new Entrance(loop, current, departure, count, handshakes).open(client, new Peer(remote, null));
    }

    ListenerPlan plan() {
        return plan;
    }

    /** New connections live under this plan; those that are open keep theirs. */
    void adopt(ListenerPlan newPlan) {
        plan = newPlan;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) Objects.requireNonNull(channel).localAddress();
    }

    /** Takes no more connections; those that are open go on. */
    void close() {
        if (channel != null) {
            channel.close().awaitUninterruptibly();
        }
    }

    /** Takes no more connections and tells those that are open to end; the caller cuts what is left after so long. */
    void leave(ChannelGroup clients, long atMostNanos) {
        close();
        departure.begin(atMostNanos);
        ofThis(clients).forEach(client -> client.pipeline().fireUserEventTriggered(Drain.BEGUN));
    }

    /** Cuts the connections that are still open. */
    void cut(ChannelGroup clients) {
        List<Channel> left = ofThis(clients);
        left.forEach(client -> client.pipeline().fireUserEventTriggered(Drain.ENDED));
        left.forEach(Channel::close);
    }

    private List<Channel> ofThis(ChannelGroup clients) {
        return clients.stream().filter(client -> client.parent() == channel).toList();
    }
}
