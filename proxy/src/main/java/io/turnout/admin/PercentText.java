package io.turnout.admin;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Percent-encoding of paths and queries (RFC 3986 section 2.1), undone exactly once. Stateless. */
final class PercentText {
    private PercentText() {}

    /** The text with every {@code %XX} replaced; null when a percent sign is followed by anything else, or it is not UTF-8. */
    static @Nullable String decoded(String encoded) {
        byte[] octets = new byte[encoded.length()];
        int length = 0;
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c > 0x7e) {
                return null;
            }
            if (c == '%') {
                int octet = octet(encoded, i + 1);
                if (octet < 0) {
                    return null;
                }
                octets[length++] = (byte) octet;
                i += 2;
            } else {
                octets[length++] = (byte) c;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static int octet(String text, int at) {
        if (at + 2 > text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }
}
