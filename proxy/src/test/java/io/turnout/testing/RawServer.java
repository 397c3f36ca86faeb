package io.turnout.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A backend that does exactly what a test says, octet by octet: a script is run for every connection, on a thread of its
 * own. Request heads it read are kept for the test to look at.
 */
public final class RawServer implements AutoCloseable {
    /** What to do with one connection. */
    @FunctionalInterface
    public interface Script {
        /** Runs until the connection is to be closed. */
        void run(Connection connection) throws IOException;
    }

    private final ServerSocket socket;
    private final Script script;
    private final @Nullable Wire wire = Wire.current();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    private RawServer(Script script, int port) throws IOException {
        this.script = script;
        socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
        Thread acceptor = new Thread(this::accept, "raw-server");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** A server on a free port. */
    public static RawServer start(Script script) {
        return startAt(0, script);
    }

    /** A server on this port. */
    public static RawServer startAt(int port, Script script) {
        try {
            return new RawServer(script, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server that answers every request with these octets and keeps the connection. */
    public static RawServer answering(String answer) {
        return start(connection -> {
            while (!connection.readHead().isEmpty()) {
                connection.write(answer);
            }
        });
    }

    /** A server that answers every request with 200 and this body. */
    public static RawServer saying(String body) {
        return answering("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                client.setTcpNoDelay(true);
                connections.incrementAndGet();
                open.add(client);
                Thread thread = new Thread(() -> serve(client), "raw-server-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (Socket spoken = wire == null ? client : wire.accepted(client)) {
            script.run(new Connection(spoken, client, heads));
        } catch (IOException | UncheckedIOException e) {
            // The peer went away, which is for the test to judge by what the client saw.
        } finally {
            open.remove(client);
        }
    }

    /** Port it listens on. */
    public int port() {
        return socket.getLocalPort();
    }

    /** Request heads read so far, on all connections. */
    public List<String> heads() {
        return List.copyOf(heads);
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** Stops listening and cuts every connection, as a killed process does. */
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

    /** One connection, as its script sees it. */
    public static final class Connection {
        private final Socket socket;
        private final Socket underneath;
        private final InputStream in;
        private final List<String> heads;

        Connection(Socket socket, Socket underneath, List<String> heads) throws IOException {
            this.socket = socket;
            this.underneath = underneath;
            this.in = new java.io.BufferedInputStream(socket.getInputStream());
            this.heads = heads;
        }

        /** The next request head with its blank line, or an empty text when the client has closed. */
        public String readHead() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (true) {
                int octet = in.read();
                if (octet < 0) {
                    return "";
                }
                head.write(octet);
                String text = head.toString(StandardCharsets.ISO_8859_1);
                if (text.endsWith("\r\n\r\n")) {
                    heads.add(text);
                    return text;
                }
            }
        }

        /** So many octets of a body. */
        public byte[] readBody(int length) throws IOException {
            return in.readNBytes(length);
        }

        /** What the test looks at: the heads read so far, and whatever a script adds. */
        public List<String> heads() {
            return heads;
        }

        /** The next octet, -1 at the end. */
        public int read() throws IOException {
            return in.read();
        }

        /** Everything up to and including this text. */
        public String readUntil(String end) throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.indexOf(end) < 0) {
                int octet = in.read();
                if (octet < 0) {
                    return text.toString();
                }
                text.append((char) octet);
            }
            return text.toString();
        }

        /** Sends text, one octet per char. */
        public void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Sends octets. */
        public void write(byte[] octets) throws IOException {
            socket.getOutputStream().write(octets);
            socket.getOutputStream().flush();
        }

        /** Ends the connection with a reset instead of a FIN. */
        public void reset() throws IOException {
            underneath.setSoLinger(true, 0);
            underneath.close();
        }

        /** Ends the connection with a FIN and, over TLS, without a word before it. */
        public void cut() throws IOException {
            underneath.close();
        }

        /** The socket itself. */
        public Socket socket() {
            return socket;
        }
    }
}
