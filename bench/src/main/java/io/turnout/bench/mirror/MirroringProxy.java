package io.turnout.bench.mirror;

import io.turnout.bench.machine.ProcessTree;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.OptionalLong;
import java.util.Set;

/** A proxy that runs, with a route for each kind of shadow that differ in nothing else. */
interface MirroringProxy extends AutoCloseable {
    /** What it is called in tables. */
    String name();

    /** The kinds of shadow it has routes for. */
    Set<Shadow> shadows();

    /** Where requests are copied to this shadow. */
    InetSocketAddress target(Shadow shadow);

    /** Its processes. */
    ProcessTree tree();

    /** Copies whose head it has sent so far, if it tells. */
    OptionalLong sent(Shadow shadow) throws IOException;

    @Override
    void close();
}
