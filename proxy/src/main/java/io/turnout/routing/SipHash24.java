package io.turnout.routing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a short keyed hash whose results tell nothing about the input to whoever
 * lacks the key. One object per computation; confined to its owner.
 */
final class SipHash24 {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long v0;
    private long v1;
    private long v2;
    private long v3;

    private SipHash24(long key0, long key1) {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
    }

    /** @param key0 first eight octets of the key in little-endian order, {@code key1} the other eight */
    static long hash(long key0, long key1, byte[] message) {
        return new SipHash24(key0, key1).absorb(message).finish();
    }

    private SipHash24 absorb(byte[] message) {
        int at = 0;
        for (; at + Long.BYTES <= message.length; at += Long.BYTES) {
            word((long) LONG.get(message, at));
        }
        long last = (long) message.length << 56;
        for (int shift = 0; at < message.length; at++, shift += Byte.SIZE) {
            last |= (message[at] & 0xFFL) << shift;
        }
        word(last);
        return this;
    }

    private void word(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private long finish() {
        v2 ^= 0xFF;
        for (int i = 0; i < 4; i++) {
            round();
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }
}
