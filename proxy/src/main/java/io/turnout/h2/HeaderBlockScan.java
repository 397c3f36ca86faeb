package io.turnout.h2;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frame boundaries of what a client sends, so that it is known whether a header block has begun and is not
 * complete: the frame reader collects HEADERS and CONTINUATION in silence until END_HEADERS (RFC 9113 section 4.3).
 *
 * <p>Confined to its event loop. Looks at nine octets of each frame and passes over the rest.
 */
public final class HeaderBlockScan {
    private static final int PREFACE_BYTES = 24;
    private static final int FRAME_HEAD_BYTES = 9;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;

    private int passOver;
    private int headBytes;
    private int length;
    private int type;
    private int flags;
    private boolean open;
    private long begun;

    /** A scan that begins with the client's connection preface. */
    public HeaderBlockScan() {
        passOver = PREFACE_BYTES;
    }

    /** Looks at what has been received, each octet once and in order; the buffer stays as it is. */
    public void read(ByteBuf in) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (at < end) {
            if (passOver > 0) {
                int passed = Math.min(passOver, end - at);
                at += passed;
                passOver -= passed;
                if (passOver == 0) {
                    onFrameEnd();
                }
            } else {
                onHeadOctet(in.getUnsignedByte(at++));
            }
        }
    }

    private void onHeadOctet(int octet) {
        switch (headBytes++) {
            case 0 -> length = octet;
            case 1, 2 -> length = length << 8 | octet;
            case 3 -> type = octet;
            case 4 -> flags = octet;
            default -> {}
        }
        if (headBytes == FRAME_HEAD_BYTES) {
            headBytes = 0;
            if (type == HEADERS) {
                open = true;
                begun++;
            }
            passOver = length;
            if (length == 0) {
                onFrameEnd();
            }
        }
    }

    private void onFrameEnd() {
        if ((type == HEADERS || type == CONTINUATION) && (flags & END_HEADERS) != 0) {
            open = false;
        }
    }

    /** Whether a header block has begun and is not complete. */
    public boolean isOpen() {
        return open;
    }

    /** How many header blocks have begun. */
    public long begun() {
        return begun;
    }
}
