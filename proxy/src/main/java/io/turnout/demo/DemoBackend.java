package io.turnout.demo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.turnout.demo.Behaviour.Mode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One version of the demo's service, on two addresses: says what an item costs, after a few milliseconds, and misbehaves
 * on demand. Safe for any thread once started.
 */
public final class DemoBackend {
    private static final int ADDRESSES = 2;
    private static final int TYPICAL_MICROS = 2_500;
    private static final Pattern ITEM = Pattern.compile("/items/([0-9]{1,6})");

    private final String version;
    private final Prices prices;
    private final EventLoopGroup group;
    private final ChannelGroup connections;
    private final List<Channel> listening = new ArrayList<>();
    private Behaviour behaviour = Behaviour.FINE;

    private DemoBackend(EventLoopGroup group, String version, Prices prices) {
        this.group = group;
        this.version = version;
        this.prices = prices;
        connections = new DefaultChannelGroup(group.next());
    }

    /** How a version computes prices. */
    enum Prices {
        /** As they are. */
        EXACT,
        /** Wrong by some cents for every fourth item: what a shadow is there to find. */
        ROUNDED;

        private int cents(int item) {
            int exact = 199 + 37 * Math.floorMod(item, 100);
            return this == ROUNDED && item % 4 == 0 ? exact / 10 * 10 : exact;
        }
    }

    /** Starts one on free loopback ports; it ends with the group. */
    static DemoBackend start(EventLoopGroup group, String version, Prices prices) {
        DemoBackend backend = new DemoBackend(group, version, prices);
        for (int i = 0; i < ADDRESSES; i++) {
            backend.listen();
        }
        return backend;
    }

    private void listen() {
        SplittableRandom random = new SplittableRandom(listening.size());
        listening.add(new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        connections.add(client);
                        client.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(64 * 1024),
                                        new Service(random));
                        if (behaviour().mode() == Mode.CRASH) {
                            reset(client);
                        }
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel());
    }

    /** Closes without a goodbye, as the kernel does for a process that died. */
    private static void reset(Channel client) {
        client.config().setOption(ChannelOption.SO_LINGER, 0);
        client.close();
    }

    /** Its name. */
    public String version() {
        return version;
    }

    /** {@code ["host:port", ...]} for an endpoint list. */
    public String addresses() {
        return listening.stream()
                .map(channel -> "\"127.0.0.1:" + ((InetSocketAddress) channel.localAddress()).getPort() + '"')
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** How it behaves. */
    public synchronized Behaviour behaviour() {
        return behaviour;
    }

    /**
     * Behaves so from now on. What it left hanging is given up when it stops to hang; nobody meets the new behaviour
     * before that has begun.
     */
    public synchronized void behave(Behaviour next) {
        boolean crashes = next.mode() == Mode.CRASH;
        boolean wakesUp = behaviour.mode() == Mode.HANG && next.mode() != Mode.HANG;
        behaviour = next;
        if (crashes || wakesUp) {
            connections.forEach(DemoBackend::reset);
        }
    }

    /** One connection. Confined to the backend's only event loop, as is the randomness it shares with the others. */
    private final class Service extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final SplittableRandom random;

        Service(SplittableRandom random) {
            this.random = random;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            Behaviour now = behaviour();
            if (now.mode() == Mode.HANG) {
                return;
            }
            boolean fails = random.nextInt(100) < now.errorPercent();
            String body = fails ? "{\"error\": \"no price today\"}\n" : price(request.uri());
            HttpResponseStatus status = fails ? HttpResponseStatus.INTERNAL_SERVER_ERROR : HttpResponseStatus.OK;
            context.executor().schedule(() -> answer(context, status, body), micros(now), TimeUnit.MICROSECONDS);
        }

        /** Mostly a few milliseconds, with the long tail that real services have. */
        private long micros(Behaviour now) {
            double tail = Math.exp(0.45 * random.nextGaussian());
            return (long) (TYPICAL_MICROS * tail) + 1000L * now.delayMillis();
        }

        private String price(String path) {
            Matcher item = ITEM.matcher(path);
            int number = item.matches() ? Integer.parseInt(item.group(1)) : 0;
            return String.format(
                    Locale.ROOT, "{\"item\": %d, \"price\": %.2f}%n", number, prices.cents(number) / 100.0);
        }

        private void answer(ChannelHandlerContext context, HttpResponseStatus status, String text) {
            ByteBuf body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
            FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
            answer.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .set("X-Version", version);
            HttpUtil.setContentLength(answer, body.readableBytes());
            context.writeAndFlush(answer);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
