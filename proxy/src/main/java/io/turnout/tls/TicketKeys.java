package io.turnout.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContext;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Keys by which sessions are put into tickets (RFC 5077, RFC 8446 section 4.6.1). The newest seals, the two before it
 * still open, so that a stolen key is of use for three turns at most.
 *
 * <p>Confined to the owner's lock.
 */
final class TicketKeys {
    /** How long a key seals. */
    static final long TURN_NANOS = TimeUnit.HOURS.toNanos(4);

    /** How long a ticket is good for: any key outlives the last ticket that it sealed. */
    static final long SESSION_SECONDS = TimeUnit.HOURS.toSeconds(8);

    private static final int KEPT = 3;
    private static final int PART_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final Deque<OpenSslSessionTicketKey> newestFirst = new ArrayDeque<>();
    private long turnedNanos;

    TicketKeys(long nowNanos) {
        turn(nowNanos);
    }

    /** Whether the key that seals has done so for long enough. */
    boolean isDue(long nowNanos) {
        return nowNanos - turnedNanos >= TURN_NANOS;
    }

    void turn(long nowNanos) {
        turnedNanos = nowNanos;
        newestFirst.addFirst(new OpenSslSessionTicketKey(bytes(), bytes(), bytes()));
        while (newestFirst.size() > KEPT) {
            newestFirst.removeLast();
        }
    }

    private byte[] bytes() {
        byte[] part = new byte[PART_BYTES];
        random.nextBytes(part);
        return part;
    }

    /** Gives a context the keys; the JDK's contexts have keys of their own, which it turns itself. */
    void applyTo(SslContext context) {
        if (context instanceof ReferenceCountedOpenSslContext open) {
            open.sessionContext().setTicketKeys(newestFirst.toArray(OpenSslSessionTicketKey[]::new));
        }
    }
}
