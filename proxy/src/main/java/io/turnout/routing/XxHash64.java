package io.turnout.routing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * xxHash64 as published, fed octet by octet. Mutable, confined to its owner; used again after {@link #reset}.
 *
 * <p>It is the hash of keyed picks: not secret, so that anybody can check with a common tool which side a user is on,
 * and mixed well enough that its high bits alone are a fair draw.
 */
final class XxHash64 {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;
    private static final int STRIPE = 32;

    private final byte[] stripe = new byte[STRIPE];
    private int filled;
    private long length;
    private long seed;
    private long lane1;
    private long lane2;
    private long lane3;
    private long lane4;

    XxHash64() {
        reset(0);
    }

    void reset(long newSeed) {
        filled = 0;
        length = 0;
        seed = newSeed;
        lane1 = newSeed + PRIME_1 + PRIME_2;
        lane2 = newSeed + PRIME_2;
        lane3 = newSeed;
        lane4 = newSeed - PRIME_1;
    }

    /** Takes the low eight bits. */
    void add(int octet) {
        stripe[filled++] = (byte) octet;
        if (filled == STRIPE) {
            lane1 = round(lane1, (long) LONG.get(stripe, 0));
            lane2 = round(lane2, (long) LONG.get(stripe, 8));
            lane3 = round(lane3, (long) LONG.get(stripe, 16));
            lane4 = round(lane4, (long) LONG.get(stripe, 24));
            length += STRIPE;
            filled = 0;
        }
    }

    /** Takes {@code octets[from, to)}. */
    void add(byte[] octets, int from, int to) {
        for (int i = from; i < to; i++) {
            add(octets[i]);
        }
    }

    /** Takes {@code text[from, to)}, one octet per character. */
    void add(CharSequence text, int from, int to) {
        for (int i = from; i < to; i++) {
            add(text.charAt(i));
        }
    }

    /** The hash of everything added since {@link #reset}. More may be added afterwards. */
    long finish() {
        long hash = length == 0 ? seed + PRIME_5 : mergeLanes();
        hash += length + filled;
        int at = 0;
        for (; at + Long.BYTES <= filled; at += Long.BYTES) {
            hash = withLong(hash, (long) LONG.get(stripe, at));
        }
        if (at + Integer.BYTES <= filled) {
            long word = Integer.toUnsignedLong((int) INT.get(stripe, at));
            hash = Long.rotateLeft(hash ^ word * PRIME_1, 23) * PRIME_2 + PRIME_3;
            at += Integer.BYTES;
        }
        for (; at < filled; at++) {
            hash = Long.rotateLeft(hash ^ (stripe[at] & 0xFF) * PRIME_5, 11) * PRIME_1;
        }
        return avalanche(hash);
    }

    /** The hash of the eight octets of a number in little-endian order. */
    static long ofLong(long value, long seed) {
        return avalanche(withLong(seed + PRIME_5 + Long.BYTES, value));
    }

    /** The hash of the UTF-8 octets of a text, with seed 0. */
    static long ofText(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        var hash = new XxHash64();
        hash.add(octets, 0, octets.length);
        return hash.finish();
    }

    private long mergeLanes() {
        long hash = Long.rotateLeft(lane1, 1)
                + Long.rotateLeft(lane2, 7)
                + Long.rotateLeft(lane3, 12)
                + Long.rotateLeft(lane4, 18);
        hash = withLane(hash, lane1);
        hash = withLane(hash, lane2);
        hash = withLane(hash, lane3);
        return withLane(hash, lane4);
    }

    private static long round(long lane, long word) {
        return Long.rotateLeft(lane + word * PRIME_2, 31) * PRIME_1;
    }

    private static long withLane(long hash, long lane) {
        return (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
    }

    private static long withLong(long hash, long word) {
        return Long.rotateLeft(hash ^ round(0, word), 27) * PRIME_1 + PRIME_4;
    }

    private static long avalanche(long hash) {
        long mixed = (hash ^ hash >>> 33) * PRIME_2;
        mixed = (mixed ^ mixed >>> 29) * PRIME_3;
        return mixed ^ mixed >>> 32;
    }
}
