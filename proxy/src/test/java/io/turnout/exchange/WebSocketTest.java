package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.turnout.testing.TestProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** An echo server behind Turnout answers as it does directly (RFC 6455): two independent implementations talk through us. */
class WebSocketTest {
    private static EventLoopGroup group;
    private static Channel echo;
    private static TestProxy proxy;

    @BeforeAll
    static void start() throws InterruptedException {
        group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        WebSocketServerProtocolConfig config = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/echo")
                .subprotocols("soup")
                .maxFramePayloadLength(8 << 20)
                .dropPongFrames(false)
                .build();
        echo = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec(), new HttpObjectAggregator(65536))
                                .addLast(new WebSocketServerProtocolHandler(config))
                                .addLast(new Echo());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        proxy = TestProxy.start(TestProxy.to(echoPort()));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        echo.close().syncUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static int echoPort() {
        return ((InetSocketAddress) echo.localAddress()).getPort();
    }

    /** Frames go back as they come, so that fragments stay fragments. */
    private static final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            context.writeAndFlush(frame.retain());
        }
    }

    @TestFactory
    Stream<DynamicTest> behavesThroughTurnoutAsItDoesDirectly() {
        return Stream.of(
                talk("a short text", 1, socket -> socket.sendText("hello", true).join()),
                talk("an empty text", 1, socket -> socket.sendText("", true).join()),
                talk(
                        "text of several octets per character",
                        1,
                        socket -> socket.sendText("päivää \uD83D\uDE82", true).join()),
                talk("a text in fragments", 4, socket -> {
                    socket.sendText("one ", false).join();
                    socket.sendText("two ", false).join();
                    socket.sendText("", false).join();
                    socket.sendText("three", true).join();
                }),
                talk("a ping between fragments", 3, socket -> {
                    socket.sendText("be", false).join();
                    socket.sendPing(bytes(7)).join();
                    socket.sendText("tween", true).join();
                }),
                talk(
                        "a ping without payload",
                        1,
                        socket -> socket.sendPing(bytes(0)).join()),
                talk(
                        "a ping of 125 octets",
                        1,
                        socket -> socket.sendPing(bytes(125)).join()),
                talk(
                        "a frame of 125 octets",
                        1,
                        socket -> socket.sendBinary(bytes(125), true).join()),
                talk(
                        "a frame of 126 octets",
                        1,
                        socket -> socket.sendBinary(bytes(126), true).join()),
                talk(
                        "a frame of 65535 octets",
                        1,
                        socket -> socket.sendBinary(bytes(65_535), true).join()),
                talk(
                        "a frame of 65536 octets",
                        1,
                        socket -> socket.sendBinary(bytes(65_536), true).join()),
                talk(
                        "a frame of 4 MiB",
                        1,
                        socket -> socket.sendBinary(bytes(4 << 20), true).join()),
                talk("a thousand small frames", 1000, socket -> {
                    for (int i = 0; i < 1000; i++) {
                        socket.sendText("n" + i, true).join();
                    }
                }),
                talk(
                        "a close with code and reason",
                        0,
                        socket -> socket.sendClose(1000, "enough").join()),
                talk(
                        "a close with a code of our own",
                        0,
                        socket -> socket.sendClose(4001, "").join()));
    }

    private static DynamicTest talk(String name, int answers, Consumer<WebSocket> says) {
        return DynamicTest.dynamicTest(name, () -> {
            List<String> direct = heard(echoPort(), answers, says);
            List<String> through = heard(proxy.port(), answers, says);
            assertThat(through).isEqualTo(direct);
            assertThat(direct).contains("subprotocol soup").last().asString().startsWith("close ");
        });
    }

    /** What a client hears, pieces of one message put together as the reader may cut them as it likes. */
    private static List<String> heard(int port, int answers, Consumer<WebSocket> says) throws Exception {
        Ear ear = new Ear(answers);
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("soup")
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/echo"), ear)
                .get(30, TimeUnit.SECONDS);
        ear.heard.add("subprotocol " + socket.getSubprotocol());
        says.accept(socket);
        assertThat(ear.answered.await(30, TimeUnit.SECONDS)).isTrue();
        if (!socket.isOutputClosed()) {
            socket.sendClose(1000, "done").join();
        }
        ear.closed.get(30, TimeUnit.SECONDS);
        return ear.heard;
    }

    private static ByteBuffer bytes(int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            bytes.put(i, (byte) (i * 31));
        }
        return bytes;
    }

    private static final class Ear implements WebSocket.Listener {
        final List<String> heard = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch answered;
        final CompletableFuture<Void> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        private int octets;
        private int sum;

        Ear(int answers) {
            answered = new CountDownLatch(answers == 0 ? 0 : 1);
            expected = answers;
        }

        private final int expected;
        private int got;

        private void count() {
            if (++got == expected) {
                answered.countDown();
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add("text " + text);
                text.setLength(0);
            }
            if (last || expected > 1) {
                count();
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            while (data.hasRemaining()) {
                sum = sum * 31 + data.get();
                octets++;
            }
            if (last) {
                heard.add("binary " + octets + " " + sum);
                count();
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
            heard.add("pong " + StandardCharsets.ISO_8859_1.decode(data));
            count();
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            heard.add("close " + code + " " + reason);
            closed.complete(null);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            heard.add("error " + error);
            answered.countDown();
            closed.complete(null);
        }
    }
}
