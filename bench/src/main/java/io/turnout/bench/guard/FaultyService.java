package io.turnout.bench.guard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.turnout.bench.wire.H1Reader;
import io.turnout.bench.wire.HarnessLoop;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A service that answers each request after a while, well or badly, as its story has it. Requests and their faults are
 * counted here, where nobody who judges can have lost one.
 *
 * <p>Connections and counts live on the harness loop; {@link #tally} asks the loop.
 */
final class FaultyService implements AutoCloseable {
    private static final ByteBuf GOOD = octets("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    private static final ByteBuf BAD = octets("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\nno");
    private static final long HIGHEST_MICROS = TimeUnit.SECONDS.toMicros(60);

    private final HarnessLoop harness;
    private final LongFunction<Manner> manners;
    private final SplittableRandom random;
    private final Channel server;
    private Histogram micros = new Histogram(HIGHEST_MICROS, 3);
    private long number;
    private long requests;
    private long errors;

    /**
     * What was seen in a stretch of time.
     *
     * @param p99Millis of all answers; 0 without any
     */
    record Tally(long requests, long errors, double p99Millis) {}

    /**
     * Starts it on the loopback interface.
     *
     * @param manners how the request with this number (1, 2, ...) is answered; called on the harness loop
     */
    FaultyService(HarnessLoop harness, LongFunction<Manner> manners, long seed) {
        this.harness = harness;
        this.manners = manners;
        random = new SplittableRandom(seed);
        server = harness.listen(HarnessLoop.loopback(0), Connection::new);
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** What came since the last call of this method. */
    Tally tally() {
        return harness.loop()
                .submit(() -> {
                    Tally tally = new Tally(requests, errors, micros.getValueAtPercentile(99) / 1e3);
                    requests = 0;
                    errors = 0;
                    micros = new Histogram(HIGHEST_MICROS, 3);
                    return tally;
                })
                .syncUninterruptibly()
                .getNow();
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
    }

    private static ByteBuf octets(String text) {
        return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    /** One connection from the proxy, one request at a time. Confined to the harness loop. */
    private final class Connection extends ChannelInboundHandlerAdapter implements H1Reader.Listener {
        private final H1Reader reader = new H1Reader(H1Reader.Side.REQUESTS, this);
        private @Nullable ChannelHandlerContext context;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            context = ctx;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf data = (ByteBuf) message;
            try {
                reader.read(data);
            } finally {
                data.release();
            }
        }

        @Override
        public void onHead() {
            // All requests are the same.
        }

        @Override
        public void onBody(ByteBuf data, int length) {
            // What is asked for has no body, and what has one is not read for it.
        }

        @Override
        public void onEnd() {
            requests++;
            Manner manner = manners.apply(++number);
            boolean bad = manner.drawError(random);
            double millis = manner.drawMillis(random);
            errors += bad ? 1 : 0;
            micros.recordValue(Math.min(HIGHEST_MICROS, (long) (millis * 1e3)));
            harness.loop().schedule(() -> answer(bad), (long) (millis * 1e6), TimeUnit.NANOSECONDS);
        }

        private void answer(boolean bad) {
            if (context != null) {
                context.writeAndFlush((bad ? BAD : GOOD).duplicate(), context.voidPromise());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
