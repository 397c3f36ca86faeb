package io.turnout.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.turnout.exchange.DataLoop;
import io.turnout.listener.ConnectionCounts.ConnectionCount;
import io.turnout.snapshot.ListenerPlan;
import io.turnout.snapshot.ListenerTls;
import io.turnout.snapshot.ProxyPreambles;
import io.turnout.tls.Alpn;
import io.turnout.tls.TlsSession;

/**
 * The way of a new connection to the handler of what is spoken on it: a PROXY preamble, then TLS, then HTTP. Each stage
 * puts the next one behind itself and leaves.
 *
 * <p>Confined to the connection's event loop.
 *
 * @param plan the connection lives under, to its end
 * @param departure of all connections of the listener
 */
record Entrance(DataLoop loop, ListenerPlan plan, Departure departure, ConnectionCount count, Handshakes handshakes) {
    /** Begins with a connection that has just been accepted. */
    void open(Channel client, Peer peer) {
        if (plan.preambles() == ProxyPreambles.NONE) {
            afterPreamble(client.pipeline(), peer);
        } else {
            client.pipeline().addLast(new ProxyPreamble(this, peer));
        }
    }

    /** Who it is is known now. */
    void afterPreamble(ChannelPipeline pipeline, Peer peer) {
        ListenerTls tls = plan.tls();
        if (tls == null) {
            pipeline.addLast(new ProtocolDetector(this, peer));
            return;
        }
        TlsHandshake handshake = new TlsHandshake(this, tls, peer);
        pipeline.addLast(new TlsHello(handshake)).addLast(handshake);
    }

    /** The handshake is done: what is spoken was chosen by ALPN. The stage that calls this removes itself. */
    void afterHandshake(ChannelHandlerContext stage, Peer peer, TlsSession session) {
        Peer known = new Peer(peer.address(), session);
        stage.pipeline().addLast(session.protocol().equals(Alpn.H2) ? http2(known) : http1(known));
        stage.fireChannelActive();
    }

    ChannelHandler http1(Peer peer) {
        return new H1ServerConnection(loop, plan, departure, peer);
    }

    ChannelHandler http2(Peer peer) {
        return H2ServerConnection.create(loop, plan, departure, peer);
    }
}
