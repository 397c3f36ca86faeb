package io.turnout.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that sends what it is told and reads answers strictly; no wait lasts longer than {@link Patience#LIMIT}. */
public final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = Patience.LIMIT_MILLIS;

    private final Socket socket;
    private final InputStream in;

    private RawClient(Socket socket) {
        try {
            this.socket = socket;
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection to a port of this machine. */
    public static RawClient connect(int port) {
        return new RawClient(plain(port, 0));
    }

    /** As {@link #connect}, with so small a window that the other side soon notices when nothing is read. */
    public static RawClient connectWithSmallWindow(int port) {
        return new RawClient(plain(port, 4096));
    }

    private static Socket plain(int port, int receiveBytes) {
        try {
            Socket socket = new Socket();
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            Wire wire = Wire.current();
            return wire == null ? socket : wire.connected(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection over a socket that is open, for instance one of TLS. */
    public static RawClient over(Socket socket) {
        return new RawClient(socket);
    }

    /** Sends text, one octet per char. */
    public RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends octets. */
    public RawClient send(byte[] octets) {
        try {
            socket.getOutputStream().write(octets);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends text one octet at a time, each in a segment of its own as far as the kernel lets it. */
    public RawClient drip(String text) {
        for (byte octet : text.getBytes(StandardCharsets.ISO_8859_1)) {
            send(new byte[] {octet});
        }
        return this;
    }

    /** Sends a GET with a Host and reads the answer. */
    public Answer get(String target) {
        return send("GET " + target + " HTTP/1.1\r\nHost: example.test\r\n\r\n").read();
    }

    /** Reads one answer to anything but HEAD. */
    public Answer read() {
        return read("GET");
    }

    /** Reads one answer to a request with this method; an interim answer is an answer. */
    public Answer read(String method) {
        try {
            String head = readHead();
            int status = Integer.parseInt(head.substring(9, 12));
            String length = field(head, "content-length");
            boolean bodyless = method.equals("HEAD") || status < 200 || status == 204 || status == 304;
            if (bodyless) {
                return new Answer(status, head, new byte[0], "", true);
            }
            if (field(head, "transfer-encoding") != null) {
                return chunked(status, head);
            }
            if (length != null) {
                byte[] body = in.readNBytes(Integer.parseInt(length));
                return new Answer(status, head, body, "", body.length == Integer.parseInt(length));
            }
            return new Answer(status, head, in.readAllBytes(), "", true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String readHead() throws IOException {
        String head = readUntil("\r\n\r\n");
        if (!head.endsWith("\r\n\r\n")) {
            throw new IOException("the connection ended instead of an answer, after: " + head);
        }
        return head;
    }

    private Answer chunked(int status, String head) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String line = readUntil("\r\n");
            if (!line.endsWith("\r\n")) {
                return new Answer(status, head, body.toByteArray(), "", false);
            }
            int size = Integer.parseInt(line.strip(), 16);
            if (size == 0) {
                String trailers = readUntil("\r\n");
                while (!trailers.equals("\r\n") && !trailers.endsWith("\r\n\r\n")) {
                    trailers += readUntil("\r\n");
                }
                return new Answer(status, head, body.toByteArray(), trailers.strip(), true);
            }
            byte[] data = in.readNBytes(size);
            body.writeBytes(data);
            if (data.length < size || in.read() != '\r' || in.read() != '\n') {
                return new Answer(status, head, body.toByteArray(), "", false);
            }
        }
    }

    /** Everything up to and including this text, or to the end of the connection. */
    public String readUntil(String end) {
        try {
            return textUntil(end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String textUntil(String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < end.length()
                || !text.substring(text.length() - end.length()).equals(end)) {
            int octet = in.read();
            if (octet < 0) {
                return text.toString();
            }
            text.append((char) octet);
        }
        return text.toString();
    }

    /** Whether the other side closes, cleanly or not, before anything else arrives. */
    public boolean isClosed() {
        try {
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Everything until the other side closes. */
    public String readAll() {
        try {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What comes in and has not been read. */
    public InputStream socketInput() {
        return in;
    }

    /** The socket itself. */
    public Socket socket() {
        return socket;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @org.jspecify.annotations.Nullable
    static String field(String head, String lowerCaseName) {
        for (String line : head.split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).toLowerCase(Locale.ROOT).equals(lowerCaseName)) {
                return line.substring(colon + 1).strip();
            }
        }
        return null;
    }

    /**
     * One answer.
     *
     * @param head status line and fields with the blank line
     * @param trailers trailer fields, empty for none
     * @param whole whether the body came to the end its framing promised
     */
    @SuppressWarnings("ArrayRecordComponent") // only read by tests
    public record Answer(int status, String head, byte[] body, String trailers, boolean whole) {
        /** The body as text, one char per octet. */
        public String text() {
            return new String(body, StandardCharsets.ISO_8859_1);
        }

        /** Value of the first field of this lower-case name, or null. */
        @org.jspecify.annotations.Nullable
        public String field(String lowerCaseName) {
            return RawClient.field(head, lowerCaseName);
        }
    }
}
