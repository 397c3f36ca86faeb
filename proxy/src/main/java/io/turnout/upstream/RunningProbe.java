package io.turnout.upstream;

/** The connection of one probe that is under way, whichever HTTP version it speaks. Confined to its event loop. */
interface RunningProbe {
    /** Ends it; nothing is told any more. */
    void close();
}
