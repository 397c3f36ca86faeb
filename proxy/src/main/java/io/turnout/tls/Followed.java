package io.turnout.tls;

import java.time.Instant;
import java.util.List;

/** Something made of files, made anew when they change. Safe for any thread. */
interface Followed {
    /** The files it is made of. */
    List<String> files();

    /**
     * Reads the files and takes what is made of them into use.
     *
     * @throws TlsFileException if that cannot be; what was in use stays
     */
    void load(Instant now, long nowNanos) throws TlsFileException;

    /** Called now and then, for what has to be done by the clock. */
    void onTick(long nowNanos);

    /** Whose it is, for people. */
    String owner();
}
