package io.turnout.listener;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what cannot happen when it has happened: a bug of ours that cost one connection. Safe for any thread. */
final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private Faults() {}

    static void report(Throwable cause) {
        LOG.error("unexpected failure on a client connection; the connection is closed", cause);
    }
}
