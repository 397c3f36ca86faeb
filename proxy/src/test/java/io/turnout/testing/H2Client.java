package io.turnout.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 client that sends exactly the frames it is told to, well formed or not, and reads frames one by one; every
 * wait ends by {@link Patience#LIMIT}. It acknowledges SETTINGS and PING by itself and nothing else.
 */
public final class H2Client implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;
    public static final int PADDED = 8;
    public static final int WITH_PRIORITY = 0x20;

    public static final int ENABLE_CONNECT_PROTOCOL = 8;

    public static final int NO_ERROR = 0;
    public static final int PROTOCOL_ERROR = 1;
    public static final int INTERNAL_ERROR = 2;
    public static final int FLOW_CONTROL_ERROR = 3;
    public static final int STREAM_CLOSED = 5;
    public static final int FRAME_SIZE_ERROR = 6;
    public static final int REFUSED_STREAM = 7;
    public static final int CANCEL = 8;
    public static final int COMPRESSION_ERROR = 9;
    public static final int ENHANCE_YOUR_CALM = 11;

    public static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private static final int PATIENCE_MILLIS = Patience.LIMIT_MILLIS;

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    private final Map<Integer, Answer> answers = new LinkedHashMap<>();
    private @Nullable Frame goAway;
    private final ByteArrayOutputStream headerBlock = new ByteArrayOutputStream();
    private boolean blockEnds;
    private boolean ended;

    /** One frame as it came. */
    @SuppressWarnings("ArrayRecordComponent") // a frame is looked at, never compared
    public record Frame(int type, int flags, int stream, byte[] payload) {
        /** The 32-bit number at an offset of the payload: an error code, a window increment. */
        public int number(int offset) {
            return Unpooled.wrappedBuffer(payload).getInt(offset);
        }

        /** Whether the flag is set. */
        public boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    /** What has come on a stream so far. */
    public static final class Answer {
        private final List<String> interim = new ArrayList<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private @Nullable Http2Headers head;
        private @Nullable Http2Headers trailers;
        private boolean whole;
        private int reset = -1;

        /** Final status, or 0 when no head has come. */
        public int status() {
            return head == null ? 0 : Integer.parseInt(head.status().toString());
        }

        /** First field of this lower-case name, or null. */
        public @Nullable String field(String name) {
            CharSequence value = head == null ? null : head.get(name);
            return value == null ? null : value.toString();
        }

        /** All fields of the head. */
        public @Nullable Http2Headers head() {
            return head;
        }

        /** First trailer of this lower-case name, or null. */
        public @Nullable String trailer(String name) {
            CharSequence value = trailers == null ? null : trailers.get(name);
            return value == null ? null : value.toString();
        }

        /** Status codes of interim answers. */
        public List<String> interim() {
            return interim;
        }

        /** Content so far. */
        public byte[] body() {
            return body.toByteArray();
        }

        /** Content so far as text. */
        public String text() {
            return body.toString(StandardCharsets.ISO_8859_1);
        }

        /** Whether END_STREAM has come. */
        public boolean whole() {
            return whole;
        }

        /** Error code of the RST_STREAM that has come, or -1. */
        public int reset() {
            return reset;
        }

        @Override
        public String toString() {
            return "status " + status() + " whole " + whole + " reset " + reset + " body " + body.size();
        }
    }

    private H2Client(Socket connected) {
        try {
            socket = connected;
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection on which nothing has been sent. */
    public static H2Client raw(int port) {
        try {
            return new H2Client(new Socket(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same on a connection that is open already, such as one in TLS. */
    public static H2Client over(Socket connected) {
        return new H2Client(connected)
                .send(PREFACE.getBytes(StandardCharsets.US_ASCII))
                .frame(SETTINGS, 0, 0);
    }

    /** The other end: reads a client's preface from an accepted connection and sends SETTINGS. */
    public static H2Client serving(Socket accepted) throws IOException {
        return accepting(accepted).frame(SETTINGS, 0, 0);
    }

    /** The same with one parameter in its SETTINGS. */
    public static H2Client serving(Socket accepted, int setting, int value) throws IOException {
        return accepting(accepted).setting(setting, value);
    }

    private static H2Client accepting(Socket accepted) throws IOException {
        H2Client server = new H2Client(accepted);
        String preface = new String(server.in.readNBytes(PREFACE.length()), StandardCharsets.US_ASCII);
        if (!preface.equals(PREFACE)) {
            throw new IOException("not a preface: " + preface);
        }
        return server;
    }

    /** Waits for the next frame as long as it takes, as a server does. */
    public H2Client neverTire() {
        try {
            socket.setSoTimeout(0);
            return this;
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads until a stream has been opened by HEADERS and answers its number; -1 at the end. */
    public int awaitRequest() {
        Frame opened = await(HEADERS);
        return opened == null ? -1 : opened.stream();
    }

    /** A connection with preface and empty SETTINGS sent. */
    public static H2Client connect(int port) {
        return raw(port).send(PREFACE.getBytes(StandardCharsets.US_ASCII)).frame(SETTINGS, 0, 0);
    }

    /** Sends octets. */
    public H2Client send(byte[] octets) {
        try {
            socket.getOutputStream().write(octets);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A frame's octets. */
    public static byte[] octets(int type, int flags, int stream, byte... payload) {
        byte[] frame = new byte[9 + payload.length];
        ByteBuf to = Unpooled.wrappedBuffer(frame).clear();
        to.writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
        return frame;
    }

    /** Sends a frame. */
    public H2Client frame(int type, int flags, int stream, byte... payload) {
        return send(octets(type, flags, stream, payload));
    }

    /** Sends a frame whose payload is one 32-bit number. */
    public H2Client frame(int type, int flags, int stream, int number) {
        return frame(type, flags, stream, octets(number));
    }

    private static byte[] octets(int number) {
        return new byte[] {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
    }

    /** Sends SETTINGS with one parameter. */
    public H2Client setting(int id, int value) {
        byte[] payload = new byte[6];
        Unpooled.wrappedBuffer(payload).clear().writeShort(id).writeInt(value);
        return frame(SETTINGS, 0, 0, payload);
    }

    /** A header block in plain literals that touch no table. */
    public static byte[] block(String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.write(0);
            literal(block, namesAndValues[i]);
            literal(block, namesAndValues[i + 1]);
        }
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        if (octets.length < 127) {
            block.write(octets.length);
        } else {
            block.write(127);
            int rest = octets.length - 127;
            while (rest >= 128) {
                block.write(rest % 128 | 128);
                rest /= 128;
            }
            block.write(rest);
        }
        block.writeBytes(octets);
    }

    /** The pseudo-header fields of a usual request, and more fields after them. */
    public static String[] request(String method, String path, String... more) {
        List<String> fields = new ArrayList<>(
                List.of(":method", method, ":scheme", "http", ":path", path, ":authority", "example.test"));
        fields.addAll(List.of(more));
        return fields.toArray(String[]::new);
    }

    /** Sends a HEADERS frame with a whole header block. */
    public H2Client headers(int stream, int flags, String... namesAndValues) {
        return frame(HEADERS, flags | END_HEADERS, stream, block(namesAndValues));
    }

    /** Sends a usual GET. */
    public H2Client get(int stream, String path, String... more) {
        return headers(stream, END_STREAM, request("GET", path, more));
    }

    /** Sends content. */
    public H2Client data(int stream, int flags, byte... content) {
        return frame(DATA, flags, stream, content);
    }

    /** Sends content. */
    public H2Client data(int stream, int flags, String content) {
        return data(stream, flags, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next frame, or null when the connection has ended. */
    public @Nullable Frame next() {
        try {
            int first = in.read();
            if (first < 0) {
                ended = true;
                return null;
            }
            int length = first << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt() & 0x7fffffff;
            Frame frame = new Frame(type, flags, stream, in.readNBytes(length));
            take(frame);
            return frame;
        } catch (EOFException | SocketException e) {
            ended = true;
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(Frame frame) throws IOException {
        switch (frame.type) {
            case SETTINGS -> acknowledge(frame, new byte[0]);
            case PING -> acknowledge(frame, frame.payload);
            case GOAWAY -> goAway = frame;
            case HEADERS, CONTINUATION -> onHeaders(stream(frame.stream), frame);
            case DATA -> {
                Answer answer = stream(frame.stream);
                answer.body.write(frame.payload);
                answer.whole |= frame.has(END_STREAM);
            }
            case RST_STREAM -> stream(frame.stream).reset = frame.number(0);
            default -> {}
        }
    }

    private void acknowledge(Frame frame, byte[] payload) throws IOException {
        if (!frame.has(ACK) && !socket.isOutputShutdown()) {
            try {
                socket.getOutputStream().write(octets(frame.type, ACK, 0, payload));
            } catch (SocketException e) {
                // The other side has closed already; what it sent before can still be read.
                ended = true;
            }
        }
    }

    private void onHeaders(Answer answer, Frame frame) {
        int priorityBytes = frame.has(WITH_PRIORITY) ? 5 : 0;
        headerBlock.write(frame.payload, priorityBytes, frame.payload.length - priorityBytes);
        if (frame.type == HEADERS) {
            blockEnds = frame.has(END_STREAM);
        }
        if (!frame.has(END_HEADERS)) {
            return;
        }
        Http2Headers section;
        try {
            section = hpack.decodeHeaders(frame.stream, Unpooled.wrappedBuffer(headerBlock.toByteArray()));
            headerBlock.reset();
        } catch (Http2Exception e) {
            throw new AssertionError("the header block does not decode", e);
        }
        if (answer.head == null && section.status() != null && section.status().charAt(0) == '1') {
            answer.interim.add(section.status().toString());
        } else if (answer.head == null) {
            answer.head = section;
        } else {
            answer.trailers = section;
        }
        answer.whole |= blockEnds;
    }

    private Answer stream(int id) {
        return answers.computeIfAbsent(id, any -> new Answer());
    }

    /** Reads until the stream has ended one way or the other, or the connection has; answers what came on it. */
    public Answer answer(int stream) {
        Answer answer = stream(stream);
        while (!answer.whole && answer.reset < 0 && !ended) {
            next();
        }
        return answer;
    }

    /** Reads until what has come on the stream ends in this text, or no more comes; answers all of it. */
    public String readUntil(int stream, String end) {
        Answer answer = stream(stream);
        while (!answer.text().endsWith(end) && !answer.whole && answer.reset < 0 && !ended) {
            next();
        }
        return answer.text();
    }

    /** Reads until a final head has come on the stream, or none will; answers its status. */
    public int status(int stream) {
        Answer answer = stream(stream);
        while (answer.head == null && answer.reset < 0 && !ended) {
            next();
        }
        return answer.status();
    }

    /** What has come on a stream, without reading. */
    public Answer soFar(int stream) {
        return stream(stream);
    }

    /** Reads until a frame of this type comes; null when the connection ends first. */
    public @Nullable Frame await(int type) {
        Frame frame = next();
        while (frame != null && frame.type != type) {
            frame = next();
        }
        return frame;
    }

    /** Sends a PING and reads until its answer has come, so that all sent before has been looked at; false at the end. */
    public boolean ping() {
        frame(PING, 0, 0, new byte[] {'r', 'o', 'u', 'n', 'd', 't', 'r', 'p'});
        while (true) {
            Frame frame = next();
            if (frame == null) {
                return false;
            }
            if (frame.type == PING && frame.has(ACK)) {
                return true;
            }
        }
    }

    /** Reads to the end of the connection and answers the error code of its GOAWAY, or -1 when there was none. */
    public int connectionError() {
        while (next() != null) {
            // only the end counts
        }
        return goAway == null ? -1 : goAway.number(4);
    }

    /** Error code with which the stream or the whole connection was ended, -1 when the answer came whole. */
    public int error(int stream) {
        Answer answer = answer(stream);
        if (answer.reset >= 0) {
            return answer.reset;
        }
        return answer.whole || goAway == null ? -1 : goAway.number(4);
    }

    /** Closes our half of the connection. */
    public H2Client shutdownOutput() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
