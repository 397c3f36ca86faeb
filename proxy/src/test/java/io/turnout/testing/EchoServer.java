package io.turnout.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A backend that sends the content of each request back, piece by piece as it comes, over HTTP/1.1 or HTTP/2, with or
 * without TLS. A request without content is answered {@code hello}, and one for {@code /bad} with 500.
 */
public final class EchoServer implements AutoCloseable {
    private static final String HELLO = "hello";

    private final ServerSocket socket;
    private final Spoken spoken;
    private final @Nullable SSLContext tls;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private final Queue<Long> contents = new ConcurrentLinkedQueue<>();

    /** The version of HTTP that is spoken. */
    public enum Spoken {
        HTTP1("http/1.1"),
        H2("h2");

        private final String alpn;

        Spoken(String alpn) {
            this.alpn = alpn;
        }

        /** Its name in ALPN. */
        public String alpn() {
            return alpn;
        }
    }

    /**
     * Starts one on a free port.
     *
     * @param tls with the certificate that is shown, or null for plain text
     */
    public EchoServer(Spoken spoken, @Nullable SSLContext tls) {
        this.spoken = spoken;
        this.tls = tls;
        try {
            socket = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        begin("echo-server", this::accept);
    }

    private static void begin(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                client.setTcpNoDelay(true);
                open.add(client);
                begin("echo-server-connection", () -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (Socket talk = tls == null ? client : secured(client, tls)) {
            if (spoken == Spoken.H2) {
                serveH2(H2Client.serving(talk));
            } else {
                serveH1(RawClient.over(talk));
            }
        } catch (IOException | RuntimeException e) {
            // The proxy has gone; what its client saw is what counts.
        } finally {
            open.remove(client);
        }
    }

    private Socket secured(Socket plain, SSLContext context) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        secured.setUseClientMode(false);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {spoken.alpn()});
        secured.setSSLParameters(parameters);
        return secured;
    }

    private void serveH1(RawClient peer) throws IOException {
        // Connections rest for as long as the proxy likes.
        peer.socket().setSoTimeout(0);
        for (String head; (head = peer.readUntil("\r\n\r\n")).endsWith("\r\n\r\n"); ) {
            requests.incrementAndGet();
            if (RawClient.field(head, "transfer-encoding") != null) {
                peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                echoChunks(peer);
            } else {
                String status = head.contains(" /bad ") ? "500 Oh" : "200 OK";
                peer.send("HTTP/1.1 " + status + "\r\nContent-Length: " + HELLO.length() + "\r\n\r\n" + HELLO);
            }
        }
    }

    private void echoChunks(RawClient peer) throws IOException {
        var sum = new CRC32();
        while (true) {
            String line = peer.readUntil("\r\n");
            int size = Integer.parseInt(line.strip(), 16);
            byte[] piece = peer.socketInput().readNBytes(size + 2);
            sum.update(piece, 0, Math.min(size, piece.length));
            if (size == 0) {
                contents.add(sum.getValue());
            }
            peer.send(line + new String(piece, StandardCharsets.ISO_8859_1));
            if (size == 0) {
                return;
            }
        }
    }

    private void serveH2(H2Client peer) {
        peer.neverTire();
        Map<Integer, CRC32> sums = new HashMap<>();
        for (H2Client.Frame frame; (frame = peer.next()) != null; ) {
            boolean last = frame.has(H2Client.END_STREAM);
            if (frame.type() == H2Client.HEADERS) {
                requests.incrementAndGet();
                boolean bad = "/bad".equals(peer.soFar(frame.stream()).field(":path"));
                peer.headers(frame.stream(), 0, ":status", bad ? "500" : "200");
                if (last) {
                    peer.data(frame.stream(), H2Client.END_STREAM, HELLO);
                }
            } else if (frame.type() == H2Client.DATA) {
                CRC32 sum = sums.computeIfAbsent(frame.stream(), stream -> new CRC32());
                sum.update(frame.payload());
                if (last) {
                    contents.add(sum.getValue());
                }
                if (frame.payload().length > 0) {
                    peer.frame(H2Client.WINDOW_UPDATE, 0, 0, frame.payload().length);
                    peer.frame(H2Client.WINDOW_UPDATE, 0, frame.stream(), frame.payload().length);
                }
                peer.data(frame.stream(), last ? H2Client.END_STREAM : 0, frame.payload());
            }
        }
    }

    /** Port it listens on. */
    public int port() {
        return socket.getLocalPort();
    }

    /** Requests so far. */
    public int requests() {
        return requests.get();
    }

    /** Checksums of the contents of requests that came whole and had some. */
    public Collection<Long> contents() {
        return List.copyOf(contents);
    }

    /** Stops listening and cuts every connection. */
    @Override
    public void close() {
        try {
            socket.close();
            for (Socket client : open) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
