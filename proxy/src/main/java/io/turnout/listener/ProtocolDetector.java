package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.turnout.loop.Deadline;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client that speaks HTTP/2 with prior knowledge (RFC 9113 section 3.3) from one that speaks HTTP/1 by the first
 * octets of its connection, makes way for the right handler, and is gone.
 *
 * <p>Confined to the connection's event loop.
 */
final class ProtocolDetector extends ChannelInboundHandlerAdapter {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final long DRAIN_REST_NANOS = 1_000_000_000L;

    private final Entrance entrance;
    private final Peer peer;
    private final Patience patience = new Patience();
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf begun;
    private boolean waiting;

    ProtocolDetector(Entrance entrance, Peer peer) {
        this.entrance = entrance;
        this.peer = peer;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        entrance.loop().deadlines().setAfter(patience, entrance.plan().idleNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (begun != null) {
            ByteBuf more = in;
            in = begun.writeBytes(more);
            more.release();
            begun = null;
        }
        int length = Math.min(in.readableBytes(), PREFACE.length);
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
                makeWay(ctx, entrance.http1(peer), in);
                return;
            }
        }
        if (length == PREFACE.length) {
            makeWay(ctx, entrance.http2(peer), in);
            return;
        }
        if (!waiting) {
            waiting = true;
            entrance.loop().deadlines().setAfter(patience, entrance.plan().headerNanos());
        }
        begun = ctx.alloc().buffer(PREFACE.length * 2).writeBytes(in);
        in.release();
    }

    private void makeWay(ChannelHandlerContext ctx, ChannelHandler chosen, ByteBuf in) {
        entrance.loop().deadlines().remove(patience);
        ctx.pipeline().addAfter(ctx.name(), null, chosen);
        ctx.fireChannelActive();
        ctx.fireChannelRead(in);
        ctx.pipeline().remove(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        } else if (event == Drain.BEGUN) {
            // A first request may be on its way.
            entrance.loop().deadlines().setAfter(patience, DRAIN_REST_NANOS);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private void end() {
        entrance.loop().deadlines().remove(patience);
        if (begun != null) {
            begun.release();
            begun = null;
        }
    }

    /** A client that connects and says nothing, or begins the preface and does not go on. */
    private final class Patience extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            if (context != null) {
                context.close();
            }
        }
    }
}
