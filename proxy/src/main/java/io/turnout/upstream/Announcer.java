package io.turnout.upstream;

import io.turnout.snapshot.Announcement;

/** Who can say on whose behalf a connection is wanted. Confined to its event loop. */
public interface Announcer {
    /**
     * The PROXY protocol preamble of its client. Connections are shared only between requests that answer the same
     * octets.
     *
     * @param version not {@link Announcement#NONE}
     */
    byte[] preamble(Announcement version);
}
