package io.turnout.bench.soak;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/** Clients that come, ask a few times and go, some of them in the middle; sixteen at a time, at a gentle pace. */
final class Churn implements AutoCloseable {
    private static final int CLIENTS = 16;
    private static final long PAUSE_MILLIS = 5;
    private static final byte[] REQUEST = "GET /p HTTP/1.1\r\nHost: soak\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final int port;
    private final LongAdder connections = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private volatile boolean over;

    private Churn(int port) {
        this.port = port;
    }

    static Churn start(int port) {
        Churn churn = new Churn(port);
        for (int i = 0; i < CLIENTS; i++) {
            Thread thread = new Thread(churn::run, "client-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        return churn;
    }

    String summary() {
        return requests.sum() + " requests on " + connections.sum() + " connections";
    }

    private void run() {
        byte[] some = new byte[16 * 1024];
        while (!over) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                connections.increment();
                socket.setSoTimeout(5_000);
                ask(socket, some);
            } catch (IOException e) {
                // What a client sees of a fault; counted by the proxy.
            }
        }
    }

    private void ask(Socket socket, byte[] some) throws IOException {
        InputStream in = socket.getInputStream();
        int times = ThreadLocalRandom.current().nextInt(1, 50);
        for (int i = 0; i < times && !over; i++) {
            socket.getOutputStream().write(REQUEST);
            requests.increment();
            if (ThreadLocalRandom.current().nextInt(100) == 0) {
                socket.setSoLinger(true, 0);
                return;
            }
            if (in.read(some) < 0) {
                return;
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        over = true;
    }
}
