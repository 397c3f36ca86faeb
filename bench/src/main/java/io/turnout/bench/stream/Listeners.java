package io.turnout.bench.stream;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients of the event stream: most read all there is, on one thread; some never read, and let it pile up. Safe for any
 * thread.
 */
final class Listeners implements Closeable {
    private static final int STUCK_BUFFER_BYTES = 4096;
    private static final String REQUEST = "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final Selector selector = Selector.open();
    private final List<SocketChannel> all = new ArrayList<>();
    private final Thread reader = new Thread(this::read, "listeners");
    private final AtomicLong octets = new AtomicLong();
    private volatile boolean closing;

    private Listeners() throws IOException {
        reader.setDaemon(true);
    }

    /** Connects so many, of which so many never read. */
    static Listeners open(int port, int clients, int stuck) throws IOException {
        Listeners listeners = new Listeners();
        for (int i = 0; i < clients; i++) {
            listeners.connect(port, i < stuck);
        }
        listeners.reader.start();
        return listeners;
    }

    private void connect(int port, boolean stuck) throws IOException {
        SocketChannel channel = SocketChannel.open();
        all.add(channel);
        if (stuck) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, STUCK_BUFFER_BYTES);
        }
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.write(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII)));
        channel.configureBlocking(false);
        if (!stuck) {
            channel.register(selector, SelectionKey.OP_READ);
        }
    }

    private void read() {
        ByteBuffer scrap = ByteBuffer.allocateDirect(64 * 1024);
        try {
            while (!closing) {
                selector.select(key -> drop((SocketChannel) key.channel(), key, scrap));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void drop(SocketChannel from, SelectionKey key, ByteBuffer scrap) {
        try {
            int read = from.read(scrap.clear());
            if (read < 0) {
                key.cancel();
            } else {
                octets.addAndGet(read);
            }
        } catch (IOException e) {
            key.cancel();
        }
    }

    /** Octets of events that were read. */
    long octets() {
        return octets.get();
    }

    @Override
    public void close() throws IOException {
        closing = true;
        selector.wakeup();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SocketChannel channel : all) {
            channel.close();
        }
        selector.close();
    }
}
