package io.turnout.bench.soak;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** A backend that answers, and now and then does not, or not as it should. A thread for each connection. */
final class FaultyBackend implements AutoCloseable {
    private static final byte[] ANSWER = ascii("HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n" + "x".repeat(4096));
    private static final byte[] CUT = ascii("HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\nhalf");
    private static final byte[] GARBAGE = ascii("no such protocol\r\n\r\n");
    private static final byte[] END = ascii("\r\n\r\n");

    private final ServerSocket socket;

    private FaultyBackend(ServerSocket socket) {
        this.socket = socket;
    }

    static FaultyBackend start() throws IOException {
        FaultyBackend backend = new FaultyBackend(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()));
        thread(backend::accept, "backend");
        return backend;
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                thread(() -> serve(client), "backend-connection");
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(client.getInputStream());
            while (readHead(in)) {
                int draw = ThreadLocalRandom.current().nextInt(100);
                if (draw == 0) {
                    client.setSoLinger(true, 0);
                    return;
                }
                client.getOutputStream().write(draw == 1 ? CUT : draw == 2 ? GARBAGE : ANSWER);
                if (draw <= 3) {
                    return;
                }
            }
        } catch (IOException e) {
            // The proxy went away; it will come back.
        }
    }

    private static boolean readHead(InputStream in) throws IOException {
        int matched = 0;
        while (matched < END.length) {
            int octet = in.read();
            if (octet < 0) {
                return false;
            }
            matched = octet == END[matched] ? matched + 1 : octet == END[0] ? 1 : 0;
        }
        return true;
    }

    private static void thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
