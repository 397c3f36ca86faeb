package io.turnout.listener;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS octet by octet: what a client says, and clients that say no more than that. */
final class TlsBytes {
    /** RFC 8446 section 5.1. */
    static final int HANDSHAKE_RECORD = 22;

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

    /** A client that has seen the server's hello, or null when there was no place for it. */
    static @Nullable Socket greeted(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        try {
            socket.getOutputStream().write(TlsBytes.hello());
            if (socket.getInputStream().read() == HANDSHAKE_RECORD) {
                return socket;
            }
        } catch (SocketException refused) {
            // As good as an end.
        }
        socket.close();
        return null;
    }
}
