package io.turnout.routing;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The key of a request as text for people; what is hashed is read by {@link KeyReader}. Stateless. */
final class KeyText {
    private KeyText() {}

    /** Only for a request in which {@link KeyReader} has found a key. */
    static String of(KeySource source, RequestView request) {
        if (source instanceof KeySource.Cookie cookie) {
            CharSequence field = present(request.header(KeySource.COOKIE_HEADER));
            long region = CookieText.find(field, cookie.name());
            return Octets.toText(field.subSequence(Region.from(region), Region.to(region)));
        }
        if (source instanceof KeySource.Header header) {
            return Octets.toText(present(request.header(header.name())));
        }
        if (source instanceof KeySource.Query query) {
            long region = QueryText.find(request.query(), query.name());
            return Octets.toText(QueryText.decode(request.query(), Region.from(region), Region.to(region)));
        }
        return address(KeyReader.significant(request.clientAddress()));
    }

    private static String address(byte[] octets) {
        if (octets.length != KeyReader.IPV4_BYTES) {
            return HexFormat.of().formatHex(octets) + "/64";
        }
        return (octets[0] & 0xFF) + "." + (octets[1] & 0xFF) + "." + (octets[2] & 0xFF) + "." + (octets[3] & 0xFF);
    }

    private static CharSequence present(@Nullable CharSequence text) {
        if (text == null) {
            throw new AssertionError("the key was found and is gone");
        }
        return text;
    }
}
