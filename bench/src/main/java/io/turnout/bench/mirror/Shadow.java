package io.turnout.bench.mirror;

import java.util.Locale;

/** A kind of shadow; each is reached by an address of its own, by which a proxy tells the routes apart. Immutable. */
enum Shadow {
    /** No mirror at all: what the others are measured by. */
    NONE,
    /** Answers as the original's backend does. */
    HEALTHY,
    /** Answers as well, and takes its copies over HTTP/2. */
    H2C,
    /** Nobody listens. */
    DEAD,
    /** Takes connections and says nothing. */
    HANGING,
    /** Resets every connection once it has read something. */
    RESETTING,
    /** Answers an octet at a time, without end. */
    DRIPPING;

    /** Whether a copy of each request can come to a good end. */
    boolean answers() {
        return this == HEALTHY || this == H2C;
    }

    /** A loopback address that only this kind uses, of the network of one proxy. */
    String address(int network) {
        return "127.0." + network + "." + (ordinal() + 1);
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
