package io.turnout.bench.mirror;

/** A kind of shadow; each is reached by an address of its own, by which Turnout tells the routes apart. Immutable. */
enum Shadow {
    /** No mirror at all: what the others are measured by. */
    NONE,
    /** Answers as the original's backend does. */
    HEALTHY,
    /** Nobody listens. */
    DEAD,
    /** Takes connections and says nothing. */
    HANGING,
    /** Resets every connection once it has read something. */
    RESETTING,
    /** Answers an octet at a time, without end. */
    DRIPPING;

    /** A loopback address that only this kind uses. */
    String address() {
        return "127.0.1." + (ordinal() + 1);
    }

    String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
