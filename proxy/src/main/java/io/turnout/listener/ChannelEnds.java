package io.turnout.listener;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** The ways to end a client's connection that differ by whether there is TLS on it. Stateless; on the event loop. */
final class ChannelEnds {
    private ChannelEnds() {}

    /** Says that nothing more will come, once everything that was written has gone out; input goes on. */
    static void shutOutput(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(written -> ((DuplexChannel) channel).shutdownOutput());
        } else {
            // A FIN without close_notify before it would look like a cut (RFC 8446 section 6.1).
            tls.closeOutbound().addListener(written -> ((DuplexChannel) channel).shutdownOutput());
        }
    }

    /**
     * Closes without the close_notify by which a client of an answer without length could take what it has for the
     * whole (RFC 8446 section 6.1). Without TLS it is left to the caller.
     */
    static void closeWithoutWord(Channel channel) {
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls != null) {
            // From here on it goes towards the socket, past the handler that would say goodbye.
            tls.close();
        }
    }

    /** Closes with a reset, for a client that would take a FIN for the end of its answer (RFC 9112 section 8). */
    static void reset(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }
}
