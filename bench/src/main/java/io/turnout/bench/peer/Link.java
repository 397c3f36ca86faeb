package io.turnout.bench.peer;

import io.turnout.bench.wire.Dialect;

/**
 * What a proxy speaks on both sides, and on how many loops. Immutable.
 *
 * @param label what tells it from the plain one in tables; empty for the one that a scenario is about
 * @param down with clients
 * @param up with backends, without TLS
 * @param workers event loops or workers; one has the proxy's core for itself, several have both
 */
public record Link(String label, Dialect down, Dialect up, int workers) {
    /** HTTP/1.1 on both sides and one worker. */
    public static final Link PLAIN = new Link("", Dialect.H1, Dialect.H1, 1);

    public Link {
        if (up.isTls() || workers < 1) {
            throw new IllegalArgumentException(
                    "found " + up + " up and " + workers + " workers, expected no TLS and 1");
        }
    }

    /** HTTP/1.1 up, and this down. */
    public static Link down(Dialect dialect) {
        return new Link("", dialect, Dialect.H1, 1);
    }

    /** The same as something to compare with. */
    public Link labelled(String text) {
        return new Link(text, down, up, workers);
    }

    /** What a peer is called in results. */
    public String nameOf(Peer peer) {
        return label.isEmpty() ? peer.name() : peer.name() + ", " + label;
    }
}
