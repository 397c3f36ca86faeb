package io.turnout.bench.mirror;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server that does one of the things a shadow should not. One thread for each connection; safe for any thread. */
final class BadShadow implements AutoCloseable {
    private static final byte[] ENDLESS =
            "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final long DRIP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Shadow manner;
    private final ServerSocket socket;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private BadShadow(Shadow manner) throws IOException {
        this.manner = manner;
        socket = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        daemon(this::accept).start();
    }

    static BadShadow start(Shadow manner) throws IOException {
        return new BadShadow(manner);
    }

    int port() {
        return socket.getLocalPort();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "bad-shadow");
        thread.setDaemon(true);
        return thread;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                open.add(client);
                daemon(() -> serve(client)).start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            int first = client.getInputStream().read();
            if (first < 0 || manner == Shadow.RESETTING) {
                client.setSoLinger(true, 0);
                return;
            }
            if (manner == Shadow.DRIPPING) {
                drip(client);
            }
            while (!socket.isClosed() && client.isConnected()) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            }
        } catch (IOException e) {
            // Turnout gave up, which is what it should do.
        } finally {
            open.remove(client);
        }
    }

    private static void drip(Socket client) throws IOException {
        client.getOutputStream().write(ENDLESS);
        while (true) {
            client.getOutputStream().write('x');
            LockSupport.parkNanos(DRIP_NANOS);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket client : open) {
                client.close();
            }
        } catch (IOException e) {
            // The process ends anyway.
        }
    }
}
