package io.turnout.bench.peer;

import io.turnout.bench.machine.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A proxy that can be measured. Stateless: what belongs to one start is in its {@link PeerSetup}.
 *
 * <p>Each does the same work in the same way: one worker, connections kept on both sides, X-Forwarded-For added, no
 * access log, nobody's checks turned off.
 */
public interface Peer {
    /** What it runs on, which decides how long it is warmed up and how its memory is counted. */
    enum Kind {
        NATIVE,
        JVM
    }

    /** Its name in options and results. */
    String name();

    /** What it runs on. */
    Kind kind();

    /** Whether it has a page of metrics at its admin port, which a scenario may have scraped. */
    default boolean hasMetrics() {
        return false;
    }

    /** Why it cannot be tried over a link; empty if it can. */
    Optional<String> refusal(Link link);

    /**
     * Its version, as it tells it itself.
     *
     * @throws Refusal if it is not installed, with what to do about it
     */
    String version() throws Refusal;

    /** Writes its configuration and says how it is started, in the foreground. */
    List<String> prepare(PeerSetup setup) throws IOException;

    /** Makes a running process take over another set of weights. */
    void reload(PeerSetup setup, ProcessHandle process) throws IOException;
}
