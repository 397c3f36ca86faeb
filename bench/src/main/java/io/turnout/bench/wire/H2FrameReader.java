package io.turnout.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Cuts what comes in into frames of HTTP/2. Trusts what it reads, as {@link H1Reader} does. Confined to the event loop
 * of its connection.
 */
public final class H2FrameReader {
    private static final int MAX_FRAME_BYTES = 1 << 14;

    private final Listener listener;
    private final ByteBuf rest = Unpooled.buffer();

    /** Hears of frames. */
    public interface Listener {
        /**
         * A whole frame: its payload is {@code length} octets from the buffer's reader index. The buffer is the caller's,
         * who moves the index.
         */
        void onFrame(int type, int flags, int stream, ByteBuf data, int length);
    }

    /** A reader at the beginning of a connection, after the preface. */
    public H2FrameReader(Listener listener) {
        this.listener = listener;
    }

    /**
     * Takes everything the buffer holds; the buffer stays the caller's.
     *
     * @throws IllegalArgumentException if a frame is longer than the harness allows
     */
    public void read(ByteBuf in) {
        if (!rest.isReadable()) {
            readFrames(in);
            rest.clear().writeBytes(in);
        } else {
            rest.writeBytes(in);
            readFrames(rest);
            rest.discardReadBytes();
        }
    }

    private void readFrames(ByteBuf data) {
        while (data.readableBytes() >= H2Frames.HEADER_BYTES) {
            int at = data.readerIndex();
            int length = data.getUnsignedMedium(at);
            if (length > MAX_FRAME_BYTES) {
                throw new IllegalArgumentException("found a frame of " + length + " octets, expected HTTP/2");
            }
            if (data.readableBytes() < H2Frames.HEADER_BYTES + length) {
                return;
            }
            int type = data.getUnsignedByte(at + 3);
            int flags = data.getUnsignedByte(at + 4);
            int stream = data.getInt(at + 5) & Integer.MAX_VALUE;
            data.skipBytes(H2Frames.HEADER_BYTES);
            listener.onFrame(type, flags, stream, data, length);
            data.readerIndex(at + H2Frames.HEADER_BYTES + length);
        }
    }
}
