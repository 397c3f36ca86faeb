package io.turnout.routing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the key of a request straight into a hash: the octets of the salt, one octet 0, the octets of the key. Immutable.
 *
 * <p>An empty key counts as missing, else everybody whose client sends an empty cookie would be one user.
 */
final class KeyReader {
    static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int IPV6_NETWORK_BYTES = 8;
    /** IPv4 in IPv6 form is ten octets 0, two octets 255 and the IPv4 address (RFC 4291 section 2.5.5.2). */
    private static final int MAPPED_ZEROS = 10;

    private final KeySource source;
    private final byte[] saltAndSeparator;

    KeyReader(SplitKey key) {
        source = key.source();
        saltAndSeparator = (key.salt() + '\0').getBytes(StandardCharsets.UTF_8);
    }

    /** Resets the hash and feeds it salt and key. False if the request has no key; the hash is then of no use. */
    boolean read(RequestView request, XxHash64 hash) {
        begin(hash);
        if (source instanceof KeySource.Cookie cookie) {
            return readCookie(request.header(KeySource.COOKIE_HEADER), cookie.name(), hash);
        }
        if (source instanceof KeySource.Header header) {
            return readText(request.header(header.name()), hash);
        }
        if (source instanceof KeySource.Query query) {
            return readQuery(request.query(), query.name(), hash);
        }
        return readAddress(request.clientAddress(), hash);
    }

    /** Resets the hash and feeds it the salt and this key. */
    void readKey(CharSequence key, XxHash64 hash) {
        begin(hash);
        hash.add(key, 0, key.length());
    }

    /** The octets of an address that make its key: IPv4 whole, also in IPv6 form; the /64 of other IPv6. */
    static byte[] significant(byte[] address) {
        return Arrays.copyOfRange(address, significantFrom(address), significantTo(address));
    }

    private void begin(XxHash64 hash) {
        hash.reset(0);
        hash.add(saltAndSeparator, 0, saltAndSeparator.length);
    }

    private static boolean readCookie(@Nullable CharSequence field, String name, XxHash64 hash) {
        if (field == null) {
            return false;
        }
        long region = CookieText.find(field, name);
        if (region == Region.NONE) {
            return false;
        }
        hash.add(field, Region.from(region), Region.to(region));
        return Region.from(region) < Region.to(region);
    }

    private static boolean readText(@Nullable CharSequence text, XxHash64 hash) {
        if (text == null) {
            return false;
        }
        hash.add(text, 0, text.length());
        return text.length() > 0;
    }

    private static boolean readQuery(CharSequence query, String name, XxHash64 hash) {
        long region = QueryText.find(query, name);
        if (region == Region.NONE) {
            return false;
        }
        int to = Region.to(region);
        for (int at = Region.from(region); at < to; at = QueryText.after(query, at, to)) {
            hash.add(QueryText.octet(query, at, to));
        }
        return Region.from(region) < to;
    }

    private static boolean readAddress(byte[] address, XxHash64 hash) {
        if (address.length != IPV4_BYTES && address.length != IPV6_BYTES) {
            return false;
        }
        hash.add(address, significantFrom(address), significantTo(address));
        return true;
    }

    private static int significantFrom(byte[] address) {
        return isMappedIpv4(address) ? IPV6_BYTES - IPV4_BYTES : 0;
    }

    private static int significantTo(byte[] address) {
        return address.length == IPV4_BYTES || isMappedIpv4(address) ? address.length : IPV6_NETWORK_BYTES;
    }

    private static boolean isMappedIpv4(byte[] address) {
        if (address.length != IPV6_BYTES) {
            return false;
        }
        for (int i = 0; i < MAPPED_ZEROS; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address[MAPPED_ZEROS] == -1 && address[MAPPED_ZEROS + 1] == -1;
    }
}
