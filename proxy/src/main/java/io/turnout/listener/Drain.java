package io.turnout.listener;

/** Fired through a connection's pipeline while its listener is left: see {@link Departure}. */
enum Drain {
    /** No new connections are taken; each one ends with its next answer. */
    BEGUN,
    /** The time for that is over: what is left is cut. */
    ENDED
}
