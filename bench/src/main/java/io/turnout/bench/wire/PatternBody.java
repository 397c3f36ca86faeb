package io.turnout.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * A body of any length that both sides know: one block of pseudo-random octets, over and over.
 *
 * <p>Safe for any thread: the block is written once, before it is shared.
 */
public final class PatternBody {
    /** Octets of the block. Odd, so that a piece that is missing or doubled shows in the check sum. */
    static final int BLOCK_BYTES = 65_521;

    /** Most octets of one slice. */
    private static final int SLICE_BYTES = 32 * 1024;

    private static final ByteBuf BLOCK = Unpooled.unreleasableBuffer(block());

    private PatternBody() {}

    /** A slice of the body from an offset on, at most {@code atMost} octets and maybe fewer; the caller releases it. */
    public static ByteBuf slice(long offset, long atMost) {
        int from = (int) (offset % BLOCK_BYTES);
        int length = (int) Math.min(Math.min(atMost, SLICE_BYTES), BLOCK_BYTES - from);
        return BLOCK.retainedSlice(from, length);
    }

    /** Check sum of a whole body, as {@link CRC32C} gives it. */
    public static long checksum(long bytes) {
        CRC32C sum = new CRC32C();
        long done = 0;
        while (done < bytes) {
            int length = (int) Math.min(BLOCK_BYTES, bytes - done);
            sum.update(BLOCK.nioBuffer(0, length));
            done += length;
        }
        return sum.getValue();
    }

    /** How a receiver tells what it got: the length and the check sum in hex. */
    public static String receipt(long bytes, long checksum) {
        return bytes + " " + HexFormat.of().toHexDigits((int) checksum);
    }

    /** Adds some octets of a buffer to a check sum; the buffer's indexes stay. */
    public static void addTo(CRC32C sum, ByteBuf data, int length) {
        if (data.nioBufferCount() == 1) {
            sum.update(data.nioBuffer(data.readerIndex(), length));
            return;
        }
        for (ByteBuffer part : data.nioBuffers(data.readerIndex(), length)) {
            sum.update(part);
        }
    }

    private static ByteBuf block() {
        byte[] octets = new byte[BLOCK_BYTES];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) random.nextInt();
        }
        return Unpooled.directBuffer(BLOCK_BYTES).writeBytes(octets).asReadOnly();
    }
}
