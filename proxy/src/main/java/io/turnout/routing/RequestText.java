package io.turnout.routing;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Parts of a request as text for people. What is matched and hashed are the octets themselves. Stateless. */
final class RequestText {
    private RequestText() {}

    static @Nullable String header(RequestView request, String name) {
        CharSequence value = request.header(name);
        return value == null ? null : Octets.toText(value);
    }

    static @Nullable String cookie(RequestView request, String name) {
        CharSequence field = request.header(KeySource.COOKIE_HEADER);
        long region = field == null ? Region.NONE : CookieText.find(field, name);
        return field == null || region == Region.NONE
                ? null
                : Octets.toText(field.subSequence(Region.from(region), Region.to(region)));
    }

    static @Nullable String query(RequestView request, String name) {
        long region = QueryText.find(request.query(), name);
        return region == Region.NONE
                ? null
                : Octets.toText(QueryText.decode(request.query(), Region.from(region), Region.to(region)));
    }

    /** The key that {@link KeyReader} has found in the request. */
    static String key(RequestView request, KeySource source) {
        String key;
        if (source instanceof KeySource.Cookie cookie) {
            key = cookie(request, cookie.name());
        } else if (source instanceof KeySource.Header header) {
            key = header(request, header.name());
        } else if (source instanceof KeySource.Query query) {
            key = query(request, query.name());
        } else {
            key = address(KeyReader.significant(request.clientAddress()));
        }
        if (key == null) {
            throw new AssertionError("a key was found that is not there");
        }
        return key;
    }

    private static String address(byte[] octets) {
        if (octets.length != KeyReader.IPV4_BYTES) {
            return HexFormat.of().formatHex(octets) + "/64";
        }
        return (octets[0] & 0xFF) + "." + (octets[1] & 0xFF) + "." + (octets[2] & 0xFF) + "." + (octets[3] & 0xFF);
    }
}
