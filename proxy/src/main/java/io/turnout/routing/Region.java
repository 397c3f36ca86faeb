package io.turnout.routing;

/** A part {@code [from, to)} of a text packed into one long, so that a parser can return it without allocating. */
final class Region {
    /** No such part. */
    static final long NONE = -1;

    private Region() {}

    static long of(int from, int to) {
        return (long) from << 32 | to;
    }

    static int from(long region) {
        return (int) (region >>> 32);
    }

    static int to(long region) {
        return (int) region;
    }
}
