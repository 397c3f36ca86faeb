package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.turnout.loop.Deadline;
import io.turnout.snapshot.AddressRange;
import io.turnout.snapshot.ListenerPlan;
import io.turnout.telemetry.LoopMeter.Count;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the PROXY preamble before a connection's first octet, from listed peers only, and makes way.
 *
 * <p>Confined to the connection's event loop. Whoever is not listed, sends something else or takes too long is
 * disconnected: where a preamble is expected, octets without one have no trustworthy origin.
 */
final class ProxyPreamble extends ChannelInboundHandlerAdapter {
    private final Entrance entrance;
    private final Peer peer;
    private final Patience patience = new Patience();
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf begun;
    private boolean over;

    ProxyPreamble(Entrance entrance, Peer peer) {
        this.entrance = entrance;
        this.peer = peer;
    }

    /** Whether a peer may speak for others. */
    static boolean isListed(ListenerPlan plan, InetSocketAddress address) {
        byte[] octets = ClientOrigin.unmapped(address.getAddress());
        for (AddressRange range : plan.trustedProxies()) {
            if (range.contains(octets)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        entrance.loop().deadlines().setAfter(patience, entrance.plan().headerNanos());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!isListed(entrance.plan(), peer.address())) {
            refuse(Count.PREAMBLE_NOT_LISTED);
            return;
        }
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = joined(ctx, (ByteBuf) message);
        if (over) {
            in.release();
            return;
        }
        ProxyHeader.Reading read = ProxyHeader.read(in, entrance.plan().preambles());
        if (read instanceof ProxyHeader.Reading.Partial) {
            begun = in;
        } else if (read instanceof ProxyHeader.Reading.Malformed) {
            in.release();
            refuse(Count.PREAMBLE_MALFORMED);
        } else {
            InetSocketAddress source = ((ProxyHeader.Reading.Complete) read).source();
            makeWay(ctx, source == null ? peer : new Peer(source, null), in);
        }
    }

    private ByteBuf joined(ChannelHandlerContext ctx, ByteBuf read) {
        ByteBuf before = begun;
        if (before == null) {
            return read;
        }
        begun = null;
        ByteBuf both = ctx.alloc().buffer(before.readableBytes() + read.readableBytes());
        both.writeBytes(before).writeBytes(read);
        before.release();
        read.release();
        return both;
    }

    private void makeWay(ChannelHandlerContext ctx, Peer who, ByteBuf rest) {
        if (!entrance.count()
                .movesTo(who.address().getAddress(), entrance.plan().limits().connectionsPerClient())) {
            rest.release();
            refuse(Count.CONNECTIONS_REFUSED);
            return;
        }
        end();
        entrance.loop().meter().increment(Count.PREAMBLE_ACCEPTED);
        entrance.afterPreamble(ctx.pipeline(), who);
        ctx.fireChannelActive();
        if (rest.isReadable()) {
            ctx.fireChannelRead(rest);
        } else {
            rest.release();
        }
        ctx.pipeline().remove(this);
    }

    private void refuse(Count reason) {
        if (!over) {
            entrance.loop().meter().increment(reason);
            end();
            Objects.requireNonNull(context).close();
        }
    }

    private void end() {
        over = true;
        entrance.loop().deadlines().remove(patience);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            refuse(Count.PREAMBLE_MALFORMED);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        refuse(Count.PREAMBLE_MALFORMED);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end();
        if (begun != null) {
            begun.release();
            begun = null;
        }
    }

    /** A peer that connects and does not say for whom. */
    private final class Patience extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            refuse(Count.PREAMBLE_MALFORMED);
        }
    }
}
