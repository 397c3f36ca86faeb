package io.turnout.listener;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what cannot happen when it has happened: a bug of ours that cost one connection. Safe for any thread. */
final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private Faults() {}

    /** Whether it is what a peer did: a broken connection, or broken TLS on it. */
    static boolean isOfThePeer(Throwable cause) {
        return cause instanceof IOException
                || (cause instanceof DecoderException && cause.getCause() instanceof IOException);
    }

    static void report(Throwable cause) {
        LOG.error("unexpected failure on a client connection; the connection is closed", cause);
    }
}
