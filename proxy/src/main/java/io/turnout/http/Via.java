package io.turnout.http;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The name under which this process signs the messages it passes on, and by which it knows its own signature again
 * (RFC 9110 section 7.6.3).
 *
 * <p>A pseudonym drawn at start: two Turnouts one behind the other are no loop, a request that comes back to the same
 * process is one. Immutable; safe for any thread.
 */
public final class Via {
    /** Received-by of this process, such as {@code turnout-5f3a9c21}. */
    public static final String PSEUDONYM =
            "turnout-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

    /**
     * Field values by the received-protocol they name: HTTP/1.0, HTTP/1.1, HTTP/2. What a message came by is what is
     * said, not what it goes on by.
     */
    static final String[] VALUES = {"1.0 " + PSEUDONYM, "1.1 " + PSEUDONYM, "2 " + PSEUDONYM};

    /** Where {@link #VALUES} has the value of a message that came by HTTP/2. */
    static final int HTTP_2 = 2;

    private static final byte[] OWN = PSEUDONYM.getBytes(StandardCharsets.US_ASCII);

    private Via() {}

    /** Whether a request has been through this process before. */
    public static boolean loops(Fields fields) {
        if (!fields.has(KnownField.VIA)) {
            return false;
        }
        boolean[] own = {false};
        FieldList.forEach(fields, KnownField.VIA, (bytes, start, end) -> {
            own[0] = isOwn(bytes, start, end);
            return !own[0];
        });
        return own[0];
    }

    /** {@code received-protocol RWS received-by [ RWS comment ]}. */
    private static boolean isOwn(byte[] bytes, int start, int end) {
        int from = start;
        while (from < end && !H1HeadReader.isBlank(bytes[from])) {
            from++;
        }
        while (from < end && H1HeadReader.isBlank(bytes[from])) {
            from++;
        }
        int to = from;
        while (to < end && !H1HeadReader.isBlank(bytes[to])) {
            to++;
        }
        return Octets.equalsIgnoreCase(bytes, from, to, OWN, 0, OWN.length);
    }
}
