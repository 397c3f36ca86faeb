package io.turnout.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Limits the time from the moment a connection is ready for a request to the moment that request is complete, so that
 * neither an idle nor a slow client keeps a connection. Sits before the codec, where it sees the first octet.
 *
 * <p>When the time is over, a silent connection is closed; one on which something has arrived gets {@link Expired} as a
 * user event, so that it can be told. Confined to its event loop.
 */
final class RequestDeadline extends ChannelInboundHandlerAdapter {
    private final long withinMillis;
    private @Nullable Future<?> timer;
    private boolean arriving;

    RequestDeadline(long withinMillis) {
        this.withinMillis = withinMillis;
    }

    /** A request has begun and did not end in time. */
    record Expired() {}

    /** The connection is ready for a request from now on. */
    void onReady(ChannelHandlerContext ctx) {
        arriving = false;
        timer = ctx.executor().schedule(() -> onExpiry(ctx), withinMillis, TimeUnit.MILLISECONDS);
    }

    /** The request is complete. */
    void onRequest() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void onExpiry(ChannelHandlerContext ctx) {
        timer = null;
        if (arriving) {
            ctx.pipeline().fireUserEventTriggered(new Expired());
        } else {
            ctx.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object octets) {
        arriving = true;
        ctx.fireChannelRead(octets);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        onRequest();
        ctx.fireChannelInactive();
    }
}
