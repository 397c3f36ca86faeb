package io.turnout.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.turnout.http.H1ResponseParser.Progress;
import io.turnout.http.HeadLimits;
import io.turnout.http.Method;
import io.turnout.http.ResponseHead;
import io.turnout.loop.Deadline;
import io.turnout.snapshot.HealthPlan;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one probe: sends a GET, tells the answer's status, lets the answer end and is gone. Confined to its
 * event loop.
 */
final class ProbeConnection extends ChannelInboundHandlerAdapter implements RunningProbe {
    /** An answer may go on for this long after its head; whoever says more is cut. */
    private static final long LINGER_NANOS = 1_000_000_000L;

    private static final int LINGER_BYTES = 64 * 1024;

    private final EndpointProbe probe;
    private final UpstreamLoop loop;
    private final HealthPlan.Get get;
    private final String request;
    private final Linger linger = new Linger();
    private @Nullable Channel channel;
    private @Nullable ResponseHead head;
    private boolean told;
    private boolean closed;
    private int afterHead;

    ProbeConnection(EndpointProbe probe, UpstreamLoop loop, HealthPlan.Get get, String authority) {
        this.probe = probe;
        this.loop = loop;
        this.get = get;
        request = "GET " + get.path() + " HTTP/1.1\r\nHost: " + authority
                + "\r\nUser-Agent: turnout-health\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    }

    @Override
    public void close() {
        closed = true;
        loop.deadlines().remove(linger);
        if (head != null) {
            loop.heads().giveBack(head);
            head = null;
        }
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (closed) {
            context.close();
        } else {
            context.writeAndFlush(ByteBufUtil.writeAscii(context.alloc(), request), context.voidPromise());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (told) {
                onSurplus(in.readableBytes());
            } else if (!closed) {
                read(in);
            }
        } finally {
            in.release();
        }
    }

    private void onSurplus(int bytes) {
        afterHead += bytes;
        if (afterHead > LINGER_BYTES) {
            close();
        }
    }

    private void read(ByteBuf in) {
        ResponseHead reading = head != null ? head : loop.heads().borrowResponse();
        head = null;
        Progress progress = loop.responseParser().parse(reading, in, HeadLimits.DEFAULT, Method.GET);
        while (progress == Progress.COMPLETE && reading.isInterim()) {
            loop.heads().giveBack(reading);
            reading = loop.heads().borrowResponse();
            progress = loop.responseParser().parse(reading, in, HeadLimits.DEFAULT, Method.GET);
        }
        if (progress == Progress.PARTIAL) {
            head = reading;
            return;
        }
        int status = reading.status();
        loop.heads().giveBack(reading);
        if (progress == Progress.REFUSED) {
            probe.onFailed(this, "an answer that is not valid HTTP");
            return;
        }
        told = true;
        loop.deadlines().setAfter(linger, LINGER_NANOS);
        probe.onAnswer(this, "status " + status, EndpointProbe.Verdict.of(get.isGood(status)));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        close();
        if (!told) {
            probe.onFailed(this, "a connection closed without an answer");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    /** The answer is over, or has gone on for long enough. */
    private final class Linger extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            close();
        }
    }
}
