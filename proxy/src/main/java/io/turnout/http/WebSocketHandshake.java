package io.turnout.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The part of a WebSocket's handshake that belongs to HTTP/1 alone (RFC 6455 section 4): HTTP/2 has no need of it (RFC
 * 8441 section 5), so between the two a proxy has to say it, or to check it, itself. Stateless.
 */
public final class WebSocketHandshake {
    /** Name of the protocol in {@code Upgrade} and {@code :protocol}. */
    public static final String PROTOCOL = "websocket";

    /** Lower-case name of the client's part. */
    public static final String KEY = "sec-websocket-key";

    /** Lower-case name of the server's part. */
    public static final String ACCEPT = "sec-websocket-accept";

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private WebSocketHandshake() {}

    /** A key of these sixteen octets, which should be hard to guess. */
    public static String key(byte[] random) {
        return Base64.getEncoder().encodeToString(random);
    }

    /** What a server that has understood the key answers (RFC 6455 section 4.2.2). */
    public static String accept(String key) {
        byte[] text = (key + GUID).getBytes(StandardCharsets.ISO_8859_1);
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-1", e);
        }
    }
}
