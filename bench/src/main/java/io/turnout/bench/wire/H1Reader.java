package io.turnout.bench.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a row of HTTP/1.1 messages, fast rather than strict: it finds where heads and bodies end and trusts the rest,
 * for what it reads comes from our own backend through a proxy on trial.
 *
 * <p>Confined to the event loop of its connection. What it says about a head holds until the next one begins.
 */
public final class H1Reader {
    /** Which messages are read. */
    public enum Side {
        /** Requests: without a length there is no body. */
        REQUESTS,
        /** Answers: without a length the body ends with the connection; interim answers are skipped. */
        ANSWERS
    }

    /** Hears of what was read, in order. */
    public interface Listener {
        /** A head is complete; ask the reader about it. */
        void onHead();

        /**
         * Some of the body: {@code length} octets from the buffer's reader index. The buffer is the caller's, who moves
         * the index.
         */
        void onBody(ByteBuf data, int length);

        /** The message is complete; another may follow. */
        void onEnd();
    }

    private enum State {
        HEAD,
        LENGTH_BODY,
        CLOSE_BODY,
        CHUNK_SIZE,
        CHUNK_BODY,
        CHUNK_BODY_END,
        TRAILERS
    }

    private static final int MAX_LINE_BYTES = 64 * 1024;

    private final Side side;
    private final Listener listener;
    private byte[] head = new byte[1024];
    private int filled;
    private int headBytes;
    private State state = State.HEAD;
    private long remaining;
    private long contentLength;
    private boolean chunked;
    private boolean keepAlive;
    private boolean expectsContinue;

    /** A reader at the beginning of a connection. */
    public H1Reader(Side side, Listener listener) {
        this.side = side;
        this.listener = listener;
    }

    /**
     * Takes everything the buffer holds; the buffer stays the caller's.
     *
     * @throws IllegalArgumentException if this is not HTTP/1.1
     */
    public void read(ByteBuf in) {
        while (in.isReadable()) {
            switch (state) {
                case HEAD -> readHead(in);
                case LENGTH_BODY -> readBody(in);
                case CLOSE_BODY -> take(in, in.readableBytes());
                case CHUNK_SIZE, CHUNK_BODY_END, TRAILERS -> readLine(in);
                case CHUNK_BODY -> readChunk(in);
            }
        }
    }

    /**
     * The connection has ended.
     *
     * @return whether that was a proper end: between messages, or of a body that only the connection ends
     */
    public boolean onClose() {
        if (state == State.CLOSE_BODY) {
            state = State.HEAD;
            listener.onEnd();
            return true;
        }
        return state == State.HEAD && filled == 0;
    }

    /** Whether nothing of a message has been read that is not complete. */
    public boolean isBetweenMessages() {
        return state == State.HEAD && filled == 0;
    }

    /** Status code of the answer. */
    public int status() {
        return (head[9] - '0') * 100 + (head[10] - '0') * 10 + head[11] - '0';
    }

    /** Whether the request's line begins with this text, for example {@code "GET /1k "}. */
    public boolean startsWith(byte[] text) {
        return headBytes >= text.length && Arrays.equals(head, 0, text.length, text, 0, text.length);
    }

    /** The request line or status line. */
    public String startLine() {
        int end = 0;
        while (end < headBytes && head[end] != '\r') {
            end++;
        }
        return new String(head, 0, end, StandardCharsets.ISO_8859_1);
    }

    /** What Content-Length said, or -1. */
    public long contentLength() {
        return contentLength;
    }

    /** Whether the other side keeps the connection. */
    public boolean keepAlive() {
        return keepAlive;
    }

    /** Whether the request waits for 100 (Continue). */
    public boolean expectsContinue() {
        return expectsContinue;
    }

    private void readHead(ByteBuf in) {
        int room = head.length - filled;
        int taken = Math.min(room, in.readableBytes());
        in.getBytes(in.readerIndex(), head, filled, taken);
        int end = endOfHead(Math.max(0, filled - 3), filled + taken);
        if (end < 0) {
            in.skipBytes(taken);
            filled += taken;
            growIfFull();
            return;
        }
        in.skipBytes(end - filled);
        headBytes = end;
        filled = 0;
        readFields();
        if (side == Side.ANSWERS && status() < 200) {
            return;
        }
        begin();
    }

    private int endOfHead(int from, int to) {
        for (int i = from; i + 3 < to; i++) {
            if (head[i] == '\r' && head[i + 1] == '\n' && head[i + 2] == '\r' && head[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private void growIfFull() {
        if (filled == head.length) {
            if (filled >= MAX_LINE_BYTES) {
                throw new IllegalArgumentException("found a head of more than " + MAX_LINE_BYTES + " octets");
            }
            head = Arrays.copyOf(head, head.length * 2);
        }
    }

    private void readFields() {
        if (headBytes < 16) {
            throw new IllegalArgumentException("found \"" + startLine() + "\", expected a start line of HTTP/1.1");
        }
        contentLength = -1;
        chunked = false;
        keepAlive = true;
        expectsContinue = false;
        int line = nextLine(0);
        while (line < headBytes - 2) {
            int next = nextLine(line);
            readField(line, next - 2);
            line = next;
        }
    }

    private int nextLine(int from) {
        int at = from;
        while (head[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    private void readField(int from, int to) {
        switch (head[from] | 0x20) {
            case 'c' -> {
                if (isNamed(from, to, "content-length")) {
                    contentLength = Long.parseLong(value(from, to));
                } else if (isNamed(from, to, "connection")) {
                    keepAlive = !value(from, to).equalsIgnoreCase("close");
                }
            }
            case 't' -> chunked |= isNamed(from, to, "transfer-encoding");
            case 'e' -> expectsContinue |= isNamed(from, to, "expect");
            default -> {
                // Nothing that the end of a message depends on.
            }
        }
    }

    private boolean isNamed(int from, int to, String name) {
        int colon = from + name.length();
        if (colon >= to || head[colon] != ':') {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if ((head[from + i] | 0x20) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String value(int from, int to) {
        int colon = from;
        while (head[colon] != ':') {
            colon++;
        }
        return new String(head, colon + 1, to - colon - 1, StandardCharsets.ISO_8859_1).trim();
    }

    private void begin() {
        if (chunked) {
            state = State.CHUNK_SIZE;
        } else if (contentLength > 0) {
            state = State.LENGTH_BODY;
            remaining = contentLength;
        } else if (contentLength < 0 && side == Side.ANSWERS && status() != 204 && status() != 304) {
            state = State.CLOSE_BODY;
            keepAlive = false;
        }
        boolean empty = state == State.HEAD;
        listener.onHead();
        if (empty) {
            listener.onEnd();
        }
    }

    private void readBody(ByteBuf in) {
        int length = (int) Math.min(remaining, in.readableBytes());
        remaining -= length;
        take(in, length);
        if (remaining == 0) {
            state = State.HEAD;
            listener.onEnd();
        }
    }

    private void take(ByteBuf in, int length) {
        listener.onBody(in, length);
        in.skipBytes(length);
    }

    private void readChunk(ByteBuf in) {
        int length = (int) Math.min(remaining, in.readableBytes());
        remaining -= length;
        take(in, length);
        if (remaining == 0) {
            state = State.CHUNK_BODY_END;
        }
    }

    private void readLine(ByteBuf in) {
        int lineFeed = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
        int end = lineFeed < 0 ? in.writerIndex() : lineFeed + 1;
        int length = end - in.readerIndex();
        while (filled + length > head.length) {
            if (head.length >= MAX_LINE_BYTES) {
                throw new IllegalArgumentException("found a line of more than " + MAX_LINE_BYTES + " octets");
            }
            head = Arrays.copyOf(head, head.length * 2);
        }
        in.readBytes(head, filled, length);
        filled += length;
        if (lineFeed >= 0) {
            String line = new String(head, 0, filled, StandardCharsets.ISO_8859_1).trim();
            filled = 0;
            onLine(line);
        }
    }

    private void onLine(String line) {
        if (state == State.CHUNK_BODY_END) {
            state = State.CHUNK_SIZE;
            return;
        }
        if (state == State.TRAILERS) {
            if (line.isEmpty()) {
                state = State.HEAD;
                listener.onEnd();
            }
            return;
        }
        int semicolon = line.indexOf(';');
        remaining = Long.parseLong(
                semicolon < 0 ? line : line.substring(0, semicolon).trim(), 16);
        state = remaining == 0 ? State.TRAILERS : State.CHUNK_BODY;
    }
}
