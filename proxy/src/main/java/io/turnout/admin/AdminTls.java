package io.turnout.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.turnout.control.Control;
import io.turnout.snapshot.TlsCompiler;
import io.turnout.tls.ServerCertificate;
import io.turnout.tls.ServerCertificates;
import io.turnout.tls.ServerTls;
import io.turnout.tls.ServerTlsSpec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The first octets of an admin connection under TLS: chooses the certificate by the name that the client asks for, and
 * gives way to the handshake. Confined to its event loop.
 */
final class AdminTls extends AbstractSniHandler<ServerCertificate> {
    private static final int LARGEST_HELLO_BYTES = 16 * 1024;
    private static final long HELLO_WITHIN_MILLIS = 10_000;

    private final ServerTls tls;

    private AdminTls(ServerTls tls) {
        super(LARGEST_HELLO_BYTES, HELLO_WITHIN_MILLIS);
        this.tls = tls;
    }

    /** What a new connection begins with as the configuration is now; null for plain text. */
    static @Nullable AdminTls of(Control control) {
        ServerTlsSpec spec = TlsCompiler.admin(control.config());
        return spec == null ? null : new AdminTls(control.tls().server(spec));
    }

    /** Without a usable certificate there is no connection, and never one in plain text. */
    @Override
    protected Future<ServerCertificate> lookup(ChannelHandlerContext ctx, @Nullable String serverName) {
        ServerCertificates shown = tls.current();
        return shown == null
                ? ctx.executor().newFailedFuture(new IllegalStateException("no usable certificate"))
                : ctx.executor().newSucceededFuture(shown.forName(serverName));
    }

    @Override
    protected void onLookupComplete(
            ChannelHandlerContext ctx, @Nullable String serverName, Future<ServerCertificate> looked) {
        if (!looked.isSuccess()) {
            ctx.close();
            return;
        }
        SslHandler handler = Objects.requireNonNull(looked.getNow().newHandler(ctx.alloc()));
        boolean replaced = false;
        try {
            ctx.pipeline().replace(this, null, handler);
            replaced = true;
        } finally {
            if (!replaced) {
                ReferenceCountUtil.safeRelease(handler.engine());
            }
        }
    }
}
