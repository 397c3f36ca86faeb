package io.turnout.listener;

import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** Octets of TLS without a connection. */
final class TlsBytes {
    private TlsBytes() {}

    /** A client's hello, after which it says nothing more. */
    static byte[] hello() {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine("shop.test", 443);
            engine.setUseClientMode(true);
            ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), out);
            out.flip();
            byte[] octets = new byte[out.remaining()];
            out.get(octets);
            return octets;
        } catch (NoSuchAlgorithmException | SSLException e) {
            throw new IllegalStateException(e);
        }
    }
}
