package io.turnout.snapshot;

import java.nio.charset.StandardCharsets;

/** Whether a connection to a backend begins with a PROXY protocol preamble that names the client, and in which version. */
public enum Announcement {
    NONE,
    V1,
    V2;

    /** The preamble of a connection that speaks for no client, such as a probe's; empty for {@link #NONE}. */
    public byte[] ofNobody() {
        return switch (this) {
            case NONE -> new byte[0];
            case V1 -> "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
            // Twelve octets of signature; version and LOCAL, no family, no further octets.
            case V2 -> new byte[] {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10, 0x20, 0, 0, 0};
        };
    }
}
