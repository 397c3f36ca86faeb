package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.turnout.tls.ServerCertificate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a client's hello just far enough to know which certificate it wants to see (RFC 6066 section 3), and makes way
 * for the handler that shows it.
 *
 * <p>Confined to the connection's event loop.
 */
final class TlsHello extends AbstractSniHandler<ServerCertificate> {
    /** A hello with post-quantum key shares and a ticket has some 2 KiB. */
    private static final int LARGEST_BYTES = 16 * 1024;

    /** A fatal alert record: no_application_protocol (RFC 7301 section 3.2, RFC 8446 section 6). */
    private static final byte[] NO_APPLICATION_PROTOCOL = {21, 3, 3, 0, 2, 2, 120};

    private final TlsHandshake handshake;

    TlsHello(TlsHandshake handshake) {
        super(LARGEST_BYTES, 0);
        this.handshake = handshake;
    }

    /**
     * BoringSSL as it is bound here goes on without a protocol when there is no common one, so this is ours to refuse.
     *
     * <p>A hello that was refused comes again, when the connection has closed and what is left of it is decoded.
     */
    @Override
    protected Future<ServerCertificate> lookup(ChannelHandlerContext context, @Nullable ByteBuf hello)
            throws Exception {
        if (handshake.isOver()) {
            return context.executor().newFailedFuture(new Refused());
        }
        if (hello != null && AlpnOffer.isForeign(hello)) {
            handshake.onNoCommonProtocol();
            context.writeAndFlush(Unpooled.wrappedBuffer(NO_APPLICATION_PROTOCOL), context.voidPromise());
            return context.executor().newFailedFuture(new Refused());
        }
        return super.lookup(context, hello);
    }

    @Override
    protected Future<ServerCertificate> lookup(ChannelHandlerContext context, @Nullable String serverName) {
        ServerCertificate certificate = handshake.onHello(serverName);
        return certificate == null
                ? context.executor().newFailedFuture(new Refused())
                : context.executor().newSucceededFuture(certificate);
    }

    @Override
    protected void onLookupComplete(
            ChannelHandlerContext context, @Nullable String serverName, Future<ServerCertificate> looked) {
        if (!looked.isSuccess()) {
            context.close();
            return;
        }
        SslHandler handler = looked.getNow().newHandler(context.alloc());
        boolean replaced = false;
        try {
            context.pipeline().replace(this, null, Objects.requireNonNull(handler));
            replaced = true;
        } finally {
            if (!replaced) {
                io.netty.util.ReferenceCountUtil.safeRelease(handler.engine());
            }
        }
    }

    /** There is no handshake with this client; why has been counted. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused() {
            super("refused", null, false, false);
        }
    }
}
