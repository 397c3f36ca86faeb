package io.turnout.admin;

import io.turnout.testing.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Writes and reads octets, for what no well-behaved client does. */
final class RawClient implements AutoCloseable {
    private final Socket socket = new Socket();

    RawClient(InetSocketAddress address) throws IOException {
        socket.setSoTimeout(Patience.LIMIT_MILLIS);
        socket.connect(address);
    }

    /** One exchange on a connection of its own, up to the server's close. */
    static String exchange(InetSocketAddress address, String request) throws IOException {
        try (RawClient client = new RawClient(address)) {
            client.send(request);
            return client.rest();
        }
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    void sendNoMore() throws IOException {
        socket.shutdownOutput();
    }

    /** Everything until the server closes. */
    String rest() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Exactly so many octets. */
    String octets(int count) throws IOException {
        byte[] octets = socket.getInputStream().readNBytes(count);
        if (octets.length < count) {
            throw new AssertionError("the server closed after " + octets.length + " of " + count + " octets");
        }
        return new String(octets, StandardCharsets.UTF_8);
    }

    /** Up to and with this text. */
    String until(String end) throws IOException {
        var read = new ByteArrayOutputStream();
        String soFar = "";
        while (!soFar.endsWith(end)) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                throw new AssertionError("the server closed after: " + soFar);
            }
            read.write(octet);
            soFar = read.toString(StandardCharsets.UTF_8);
        }
        return soFar;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
