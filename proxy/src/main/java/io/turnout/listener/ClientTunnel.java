package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.turnout.exchange.Exchange;

/**
 * The client's side of a tunnel: passes on what the client sends, ends in silence, and leaves when its listener is left.
 *
 * <p>Confined to its connection's event loop.
 */
final class ClientTunnel {
    private final Departure departure;
    private final Exchange exchange;
    private final ClientWatch watch;

    ClientTunnel(Departure departure, Exchange exchange, ClientWatch watch) {
        this.departure = departure;
        this.exchange = exchange;
        this.watch = watch;
    }

    void open(Channel channel) {
        watch.awaitTunnel();
        if (departure.hasBegun()) {
            onDrain(channel);
        }
    }

    /** Takes all of the buffer, which stays the caller's. */
    void pass(ByteBuf in) {
        if (in.isReadable()) {
            watch.awaitTunnel();
            int index = in.readerIndex();
            int length = in.readableBytes();
            in.skipBytes(length);
            exchange.onBody(in, index, length);
        }
    }

    /** Octets have gone to the client. */
    void onSent() {
        watch.awaitTunnel();
    }

    /** The listener is left: leaves in its turn. */
    void onDrain(Channel channel) {
        watch.awaitLeave(departure.tunnelNanos(channel.id().hashCode()));
    }
}
