package io.turnout.listener;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what cannot happen when it has happened: a bug of ours that cost one connection. Safe for any thread. */
final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private Faults() {}

    /** Whether it is what a peer did: a broken connection, or broken TLS on it. */
    static boolean isOfThePeer(Throwable cause) {
        // A descriptor that the kernel has given up already fails as an unchecked exception when reading is resumed.
        return cause instanceof IOException
                || cause instanceof UncheckedIOException
                || (cause instanceof DecoderException && cause.getCause() instanceof IOException);
    }

    static void report(Throwable cause) {
        LOG.error("unexpected failure on a client connection; the connection is closed", cause);
    }
}
