package io.turnout.snapshot;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.turnout.tls.ClientTls;
import org.jspecify.annotations.Nullable;

/**
 * TLS with one member of a pool. Immutable but for what the files behind it say.
 *
 * @param tls the pool's
 * @param host as configured, without brackets: what the certificate has to stand for unless another name is wanted
 */
public record EndpointTls(ClientTls tls, String host) {
    /** A handler for one connection; null when the files have never been good, then there is no connection. */
    public @Nullable SslHandler newHandler(ByteBufAllocator allocator, int port) {
        return tls.newHandler(allocator, host, port);
    }
}
