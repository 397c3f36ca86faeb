package io.turnout.exchange;

import io.turnout.http.RequestHead;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Mints ids for requests that come without one we may believe: 128 bits, the first half drawn once for the loop, the
 * second a counter that has been stirred (splitmix64), so that no two are equal and neighbours do not look alike.
 *
 * <p>Not a secret, nothing may rest on its being hard to guess. Confined to its event loop.
 */
final class RequestIds {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long high = ThreadLocalRandom.current().nextLong();
    private long state = ThreadLocalRandom.current().nextLong();

    /** Gives the request an id. */
    void mint(RequestHead request) {
        state += GOLDEN;
        long mixed = state;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        request.mintId(high, mixed ^ mixed >>> 31);
    }
}
