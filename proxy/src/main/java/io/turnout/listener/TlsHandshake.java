package io.turnout.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.turnout.loop.Deadline;
import io.turnout.snapshot.ListenerTls;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.tls.ServerCertificate;
import io.turnout.tls.ServerCertificates;
import io.turnout.tls.TlsSession;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Watches over one handshake: its time, how many there are, what came of it.
 *
 * <p>Confined to the connection's event loop.
 */
final class TlsHandshake extends ChannelInboundHandlerAdapter {
    private final Entrance entrance;
    private final ListenerTls tls;
    private final Peer peer;
    private final Patience patience = new Patience();
    private @Nullable ChannelHandlerContext context;
    private @Nullable ServerCertificate shown;
    private @Nullable String serverName;
    private boolean underWay;
    private boolean over;

    TlsHandshake(Entrance entrance, ListenerTls tls, Peer peer) {
        this.entrance = entrance;
        this.tls = tls;
        this.peer = peer;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        entrance.loop().deadlines().setAfter(patience, tls.handshakeNanos());
    }

    /** Whether it has been decided what becomes of it. */
    boolean isOver() {
        return over;
    }

    /** The client wants to speak nothing that we do; there will be no handshake. */
    void onNoCommonProtocol() {
        fail(Count.TLS_PROTOCOL);
    }

    /** The client has said which name it wants; answers the certificate, or null when there will be no handshake. */
    @Nullable
    ServerCertificate onHello(@Nullable String wanted) {
        ServerCertificates certificates = tls.tls().current();
        if (certificates == null) {
            fail(Count.TLS_NO_CERTIFICATE);
            return null;
        }
        if (!entrance.handshakes().begin(tls.handshakes())) {
            fail(Count.TLS_OVERLOAD);
            return null;
        }
        underWay = true;
        serverName = wanted;
        shown = certificates.forName(wanted);
        return shown;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                onSuccess(ctx);
            } else {
                fail(reason(handshake.cause()));
            }
        } else if (event instanceof ChannelInputShutdownEvent) {
            fail(Count.TLS_GONE);
            ctx.close();
        }
    }

    private void onSuccess(ChannelHandlerContext ctx) {
        if (over) {
            return;
        }
        SslHandler handler = ctx.pipeline().get(SslHandler.class);
        TlsSession session = TlsSession.of(handler, serverName, Objects.requireNonNull(shown));
        boolean newest = session.version().equals("TLSv1.3");
        boolean resumed = session.opening() == TlsSession.Opening.RESUMED;
        Count count = newest
                ? (resumed ? Count.TLS_1_3_RESUMED : Count.TLS_1_3_FULL)
                : (resumed ? Count.TLS_1_2_RESUMED : Count.TLS_1_2_FULL);
        end(count);
        entrance.afterHandshake(ctx, peer, session);
        ctx.pipeline().remove(this);
    }

    private static Count reason(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof NotSslRecordException) {
                return Count.TLS_NOT_TLS;
            }
            if (at instanceof ClosedChannelException) {
                return Count.TLS_GONE;
            }
            if (at instanceof CertificateException) {
                return Count.TLS_CLIENT_CERTIFICATE;
            }
        }
        // BoringSSL tells by text only when there was no certificate at all to hand to the verifier.
        String text = String.valueOf(cause.getMessage());
        return text.contains("DID_NOT_RETURN_A_CERTIFICATE") || text.contains("Empty client certificate chain")
                ? Count.TLS_CLIENT_CERTIFICATE
                : Count.TLS_PROTOCOL;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // What a peer does in a handshake is counted, never logged: it costs nothing to do it again and again.
        fail(reason(cause));
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(Count.TLS_GONE);
    }

    /** Whatever comes first is the reason. */
    private void fail(Count reason) {
        if (!over) {
            end(reason);
        }
    }

    private void end(Count count) {
        over = true;
        entrance.loop().deadlines().remove(patience);
        entrance.loop().meter().increment(count);
        if (underWay) {
            underWay = false;
            entrance.handshakes().end();
        }
    }

    /** A client that connects and does not come to the point. */
    private final class Patience extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            fail(Count.TLS_TIMEOUT);
            Objects.requireNonNull(context).channel().close();
        }
    }
}
