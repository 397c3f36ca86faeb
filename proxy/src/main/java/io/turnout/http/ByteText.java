package io.turnout.http;

import java.nio.charset.StandardCharsets;

/**
 * A window on bytes read as ISO-8859-1 text, reused from request to request so that looking at a head allocates
 * nothing.
 *
 * <p>Confined to whoever owns the bytes; valid until the window is moved. {@link #toString} copies.
 */
public final class ByteText implements CharSequence {
    private static final byte[] EMPTY = new byte[0];

    private byte[] bytes = EMPTY;
    private int start;
    private int end;

    /** Moves the window to {@code [start, end)} of the bytes, which are not copied. */
    public ByteText window(byte[] newBytes, int newStart, int newEnd) {
        bytes = newBytes;
        start = newStart;
        end = newEnd;
        return this;
    }

    @Override
    public int length() {
        return end - start;
    }

    @Override
    public char charAt(int index) {
        return (char) (bytes[start + index] & 0xff);
    }

    @Override
    public CharSequence subSequence(int from, int to) {
        return new ByteText().window(bytes, start + from, start + to);
    }

    @Override
    public String toString() {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
