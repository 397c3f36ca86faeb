package io.turnout.routing;

/**
 * The binary logarithm in integers: the same on every machine and in every language, which floating point is not.
 * Stateless.
 */
final class FixedLog {
    /** Bits after the binary point. */
    static final int FRACTION_BITS = 36;

    private FixedLog() {}

    /**
     * {@code -log2(hash / 2^64)} for an unsigned hash, whose lowest bit is taken as set so that 0 has a logarithm. In
     * units of {@code 2^-36}, from 1 to 64 times that; never rises with the hash.
     */
    static long ofUnsignedFraction(long hash) {
        return ((long) Long.SIZE << FRACTION_BITS) - log2(hash | 1);
    }

    /**
     * Squaring doubles the logarithm; each time the square reaches 2, the next bit of the logarithm is 1. The number is
     * held in [1, 2) with 63 bits after the point; dropping the rest of a square keeps the result monotone.
     */
    private static long log2(long value) {
        int leadingZeros = Long.numberOfLeadingZeros(value);
        long x = value << leadingZeros;
        long log = 63L - leadingZeros;
        for (int i = 0; i < FRACTION_BITS; i++) {
            long square = unsignedMultiplyHigh(x, x);
            log <<= 1;
            if (square < 0) {
                log |= 1;
                x = square;
            } else {
                x = square << 1;
            }
        }
        return log;
    }

    /** The high 64 bits of an unsigned product. {@code Math} has it from Java 18 on. */
    static long unsignedMultiplyHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }
}
