package io.turnout.control.smoke;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.turnout.adminapi.SmokeReport;
import io.turnout.config.SmokeTest;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.PoolPlan;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One smoke test asked of one endpoint: a connection of its own, one request, one whole answer. Confined to the smoke
 * thread, but for {@link #ask}.
 */
final class Question extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final SmokeTest test;
    private final String endpoint;
    private final long begunNanos = System.nanoTime();
    private final CompletableFuture<SmokeReport.Case> answer = new CompletableFuture<>();

    private Question(SmokeTest test, String endpoint) {
        this.test = test;
        this.endpoint = endpoint;
    }

    /**
     * Asks. Any thread.
     *
     * @param pool whose endpoint it is
     * @param withinNanos for everything
     * @return what came of it; never fails
     */
    static CompletableFuture<SmokeReport.Case> ask(
            EventLoopGroup loop, SmokeTest test, PoolPlan pool, EndpointPlan endpoint, long withinNanos) {
        Question question = new Question(test, endpoint.name());
        Future<?> late = loop.schedule(
                () -> question.fail("no whole answer within " + withinNanos / 1_000_000 + " ms"),
                withinNanos,
                TimeUnit.NANOSECONDS);
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, pool.connectNanos() / 1_000_000))
                .handler(new QuestionPipeline(endpoint, pool.protocol(), question))
                .connect(endpoint.address());
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                question.fail("no connection: " + done.cause().getMessage());
            }
        });
        question.answer.whenComplete((ended, failure) -> {
            late.cancel(false);
            connecting.channel().close();
        });
        return question.answer;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(request(endpoint)).addListener(sent -> {
            if (!sent.isSuccess()) {
                fail("not sent: " + sent.cause().getMessage());
            }
        });
    }

    private DefaultFullHttpRequest request(String host) {
        SmokeTest.Request asked = test.request();
        var request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(asked.method()), asked.path());
        request.headers()
                .set(HttpHeaderNames.HOST, host)
                .set(HttpHeaderNames.USER_AGENT, "turnout-smoke")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        asked.headers().forEach((name, value) -> request.headers().set(name, value));
        return request;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
        if (response.status().codeClass() == io.netty.handler.codec.http.HttpStatusClass.INFORMATIONAL) {
            return;
        }
        DecoderResult decoded = response.decoderResult();
        if (decoded.isFailure()) {
            fail("an answer that is no HTTP: " + decoded.cause().getMessage());
            return;
        }
        String breach = Expectation.breach(test.expect(), response, System.nanoTime() - begunNanos);
        end(breach == null, breach == null ? "as expected" : breach);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail("the connection was closed before the whole answer had come");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail("no whole answer: " + cause.getMessage());
    }

    void fail(String why) {
        end(false, why);
    }

    private void end(boolean passed, String text) {
        double millis = Math.round((System.nanoTime() - begunNanos) / 1e4) / 100.0;
        answer.complete(new SmokeReport.Case(test.name(), endpoint, passed, text, millis));
    }
}
