package io.turnout.control.smoke;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.HttpToHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.InboundHttp2ToHttpAdapterBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.turnout.snapshot.Announcement;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.EndpointTls;
import io.turnout.snapshot.PoolPlan;

/**
 * What a question goes through on its way to an endpoint: what requests of its pool go through. Confined to the smoke
 * thread.
 */
final class QuestionPipeline extends ChannelInitializer<Channel> {
    /** Longer answers are no smoke tests. */
    private static final int MAX_BODY_BYTES = 1 << 20;

    private final EndpointPlan endpoint;
    private final PoolPlan.Protocol protocol;
    private final Question question;

    QuestionPipeline(EndpointPlan endpoint, PoolPlan.Protocol protocol, Question question) {
        this.endpoint = endpoint;
        this.protocol = protocol;
        this.question = question;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (endpoint.announcement() != Announcement.NONE) {
            channel.pipeline().addLast(new Preamble());
        }
        EndpointTls tls = endpoint.tls();
        if (tls == null) {
            addProtocol(channel.pipeline());
            return;
        }
        SslHandler handler = tls.newHandler(channel.alloc(), endpoint.address().getPort());
        if (handler == null) {
            question.fail("no TLS: the certificate files have never been good");
            channel.close();
        } else {
            channel.pipeline().addLast(handler, new Handshake(tls, handler));
        }
    }

    private void addProtocol(ChannelPipeline pipeline) {
        if (protocol == PoolPlan.Protocol.H2) {
            Http2Connection connection = new DefaultHttp2Connection(false);
            pipeline.addLast(new HttpToHttp2ConnectionHandlerBuilder()
                    .connection(connection)
                    .initialSettings(Http2Settings.defaultSettings().pushEnabled(false))
                    .frameListener(new InboundHttp2ToHttpAdapterBuilder(connection)
                            .maxContentLength(MAX_BODY_BYTES)
                            .build())
                    .httpScheme(endpoint.tls() == null ? HttpScheme.HTTP : HttpScheme.HTTPS)
                    .build());
        } else {
            pipeline.addLast(new HttpClientCodec(), new HttpObjectAggregator(MAX_BODY_BYTES));
        }
        pipeline.addLast(question);
    }

    /** Says first, before TLS, that nobody is spoken for. */
    private final class Preamble extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(endpoint.announcement().ofNobody()));
            ctx.fireChannelActive();
        }
    }

    /** Lets nothing be said before it is known to whom. */
    private final class Handshake extends ChannelInboundHandlerAdapter {
        private final EndpointTls tls;
        private final SslHandler handler;

        Handshake(EndpointTls tls, SslHandler handler) {
            this.tls = tls;
            this.handler = handler;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            // The question takes the connection for open when the handshake is done.
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
                return;
            }
            if (!handshake.isSuccess()) {
                question.fail("no TLS: " + handshake.cause().getMessage());
            } else if (!tls.tls().isAgreed(handler)) {
                question.fail("no TLS: it does not speak "
                        + String.join(" or ", tls.tls().spec().alpn()));
            } else {
                addProtocol(ctx.pipeline());
                ctx.fireChannelActive();
                ctx.pipeline().remove(this);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            question.fail("the connection was closed during the handshake");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            question.fail("no TLS: " + cause.getMessage());
        }
    }
}
