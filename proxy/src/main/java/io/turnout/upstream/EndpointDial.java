package io.turnout.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.turnout.loop.Deadline;
import io.turnout.model.UpstreamFailure;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.EndpointTls;
import io.turnout.tls.ClientTls;
import java.security.cert.CertificateException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens one connection to an endpoint: TCP, the PROXY protocol's preamble and TLS where the pool has them, and never plain
 * text instead. Every connection of the data plane to a backend begins here, so this is where the first handlers of its
 * pipeline are put.
 *
 * <p>Confined to its event loop.
 */
final class EndpointDial {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointDial.class);

    private final UpstreamLoop loop;
    private final EndpointPlan endpoint;
    private final long patienceNanos;
    private final byte @Nullable [] preamble;
    private final Caller caller;
    private boolean told;

    private EndpointDial(
            UpstreamLoop loop, EndpointPlan endpoint, long patienceNanos, byte @Nullable [] preamble, Caller caller) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.patienceNanos = patienceNanos;
        this.preamble = preamble;
        this.caller = caller;
    }

    /** Who wants the connection. Exactly one of the two is called, on the loop, perhaps at once. */
    interface Caller {
        /** It is open, handshake included, and the handler given is the last of its pipeline. */
        void onOpen();

        /** It cannot be had. The handler given has been told nothing. */
        void onFailure(UpstreamFailure failure);
    }

    /**
     * Opens a connection.
     *
     * @param patienceNanos how long TCP may take to connect, and TLS to shake hands
     * @param preamble first octets of the connection, before TLS, or null
     * @param handler of what is spoken on it; added when everything before it is done
     */
    static void open(
            UpstreamLoop loop,
            EndpointPlan endpoint,
            long patienceNanos,
            byte @Nullable [] preamble,
            ChannelHandler handler,
            Caller caller) {
        new EndpointDial(loop, endpoint, patienceNanos, preamble, caller).open(handler);
    }

    private void open(ChannelHandler handler) {
        if (loop.channels().isClosed() || endpoint.address().isUnresolved()) {
            fail(UpstreamFailure.CONNECT_REFUSED);
            return;
        }
        EndpointTls tls = endpoint.tls();
        Bootstrap bootstrap = loop.bootstrap()
                .clone()
                .handler(announced(tls == null ? handler : new TlsPipeline(tls, handler)))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, patienceNanos / 1_000_000));
        ChannelFuture connecting = bootstrap.connect(endpoint.address());
        loop.channels().add(connecting.channel());
        connecting.addListener(future -> {
            if (!future.isSuccess()) {
                fail(
                        future.cause() instanceof ConnectTimeoutException
                                ? UpstreamFailure.CONNECT_TIMEOUT
                                : UpstreamFailure.CONNECT_REFUSED);
            } else if (tls == null) {
                succeed();
            }
        });
    }

    private ChannelHandler announced(ChannelHandler next) {
        return preamble == null ? next : new PreamblePipeline(preamble, next);
    }

    private void succeed() {
        if (!told) {
            told = true;
            caller.onOpen();
        }
    }

    private void fail(UpstreamFailure failure) {
        if (!told) {
            told = true;
            caller.onFailure(failure);
        }
    }

    /** Puts the preamble before whatever comes first. */
    private static final class PreamblePipeline extends ChannelInitializer<Channel> {
        private final byte[] preamble;
        private final ChannelHandler next;

        PreamblePipeline(byte[] preamble, ChannelHandler next) {
            this.preamble = preamble;
            this.next = next;
        }

        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new Preamble(preamble), next);
        }
    }

    /**
     * Writes the preamble ahead of what is written first, be that a request, which may come before the channel is
     * known to be active, or the handshake that begins then; and makes way.
     */
    private static final class Preamble extends ChannelDuplexHandler {
        private final byte[] octets;

        Preamble(byte[] octets) {
            this.octets = octets;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            announce(context);
            context.fireChannelActive();
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            announce(context);
            context.write(message, promise);
        }

        private void announce(ChannelHandlerContext context) {
            context.write(Unpooled.wrappedBuffer(octets), context.voidPromise());
            context.pipeline().remove(this);
        }
    }

    /** Puts TLS first. Without certificates that can be used there is no connection at all. */
    private final class TlsPipeline extends ChannelInitializer<Channel> {
        private final EndpointTls tls;
        private final ChannelHandler last;

        TlsPipeline(EndpointTls tls, ChannelHandler last) {
            this.tls = tls;
            this.last = last;
        }

        @Override
        protected void initChannel(Channel channel) {
            SslHandler handler =
                    tls.newHandler(channel.alloc(), endpoint.address().getPort());
            if (handler == null) {
                report(tls.tls(), "the certificate files have never been good");
                fail(UpstreamFailure.TLS_PROTOCOL);
                channel.close();
                return;
            }
            channel.pipeline().addLast(handler, new Handshake(tls.tls(), handler, last));
        }
    }

    /** Waits for the end of the handshake, and makes way. */
    private final class Handshake extends ChannelInboundHandlerAdapter {
        private final ClientTls tls;
        private final SslHandler handler;
        private final ChannelHandler last;
        private final Patience patience = new Patience();
        private @Nullable Channel channel;

        Handshake(ClientTls tls, SslHandler handler, ChannelHandler last) {
            this.tls = tls;
            this.handler = handler;
            this.last = last;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            channel = context.channel();
            loop.deadlines().setAfter(patience, patienceNanos);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
                return;
            }
            loop.deadlines().remove(patience);
            if (!handshake.isSuccess()) {
                onFailure(context, handshake.cause());
                return;
            }
            if (!tls.isAgreed(handler)) {
                tls.onFailure(false);
                report(
                        tls,
                        "it does not speak " + String.join(" or ", tls.spec().alpn()));
                fail(UpstreamFailure.TLS_PROTOCOL);
                context.close();
                return;
            }
            tls.onHandshake(handler);
            context.pipeline().addLast(last);
            context.fireChannelActive();
            context.pipeline().remove(this);
            succeed();
        }

        private void onFailure(ChannelHandlerContext context, Throwable cause) {
            UpstreamFailure failure = UpstreamFailure.TLS_PROTOCOL;
            String telling = "it ended the connection during the handshake";
            for (Throwable at = cause; at != null; at = at.getCause()) {
                telling = Objects.requireNonNullElse(at.getMessage(), telling);
                if (at instanceof CertificateException) {
                    failure = UpstreamFailure.TLS_CERTIFICATE;
                }
            }
            boolean refused = failure == UpstreamFailure.TLS_CERTIFICATE;
            tls.onFailure(refused);
            report(tls, (refused ? "its certificate is refused: " : "") + telling);
            fail(failure);
            context.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            loop.deadlines().remove(patience);
            fail(UpstreamFailure.TLS_PROTOCOL);
        }

        /** An endpoint that accepts connections and does not speak TLS, or not now. */
        private final class Patience extends Deadline {
            @Override
            protected void onDeadline(long nowNanos) {
                fail(UpstreamFailure.CONNECT_TIMEOUT);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    /** Says now and then why; more often would let a broken endpoint fill the log. */
    private void report(ClientTls tls, String why) {
        if (tls.mayReport(loop.ticker().nanos())) {
            LOG.warn("{}: no TLS with {}: {}", tls.owner(), endpoint.name(), why);
        }
    }
}
