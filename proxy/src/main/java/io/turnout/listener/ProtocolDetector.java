package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.turnout.exchange.DataLoop;
import io.turnout.loop.Deadline;
import io.turnout.snapshot.ListenerPlan;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
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

    private final DataLoop loop;
    private final ListenerPlan plan;
    private final Supplier<ChannelHandler> http1;
    private final Supplier<ChannelHandler> http2;
    private final Patience patience = new Patience();
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf begun;
    private boolean waiting;

    ProtocolDetector(DataLoop loop, ListenerPlan plan, Supplier<ChannelHandler> http1, Supplier<ChannelHandler> http2) {
        this.loop = loop;
        this.plan = plan;
        this.http1 = http1;
        this.http2 = http2;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        loop.deadlines().setAfter(patience, plan.idleNanos());
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
                makeWay(ctx, http1.get(), in);
                return;
            }
        }
        if (length == PREFACE.length) {
            makeWay(ctx, http2.get(), in);
            return;
        }
        if (!waiting) {
            waiting = true;
            loop.deadlines().setAfter(patience, plan.headerNanos());
        }
        begun = ctx.alloc().buffer(PREFACE.length * 2).writeBytes(in);
        in.release();
    }

    private void makeWay(ChannelHandlerContext ctx, ChannelHandler chosen, ByteBuf in) {
        loop.deadlines().remove(patience);
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
            loop.deadlines().setAfter(patience, DRAIN_REST_NANOS);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private void end() {
        loop.deadlines().remove(patience);
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
