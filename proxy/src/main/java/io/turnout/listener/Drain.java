package io.turnout.listener;

/** Fired through a connection's pipeline when the process begins to go down. */
enum Drain {
    BEGUN
}
