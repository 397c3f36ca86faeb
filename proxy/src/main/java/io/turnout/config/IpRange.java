package io.turnout.config;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * A block of IP addresses in CIDR notation.
 *
 * <p>Immutable.
 *
 * @param address an IPv4 or IPv6 literal
 * @param prefixBits leading bits that count, 0 to 32 or 0 to 128; the rest of the address must be zero
 */
public record IpRange(String address, int prefixBits) {
    public IpRange {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            throw new IllegalArgumentException("not an IP address: " + address);
        }
        Require.within("prefix length", prefixBits, 0, bytes.length * 8L);
        if (hasBitsBeyond(bytes, prefixBits)) {
            throw new IllegalArgumentException("bits set beyond the prefix: " + address + "/" + prefixBits);
        }
    }

    /** Reads {@code 10.0.0.0/8}, {@code fd00::/8}, or one address; null when the text is neither or has host bits set. */
    public static @Nullable IpRange parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = address.indexOf('%') < 0 && address.indexOf('[') < 0
                ? NetUtil.createByteArrayFromIpAddressString(address)
                : null;
        if (bytes == null) {
            return null;
        }
        int bits = slash < 0 ? bytes.length * 8 : HostPort.port(text.substring(slash + 1));
        boolean valid = bits >= 0 && bits <= bytes.length * 8 && !hasBitsBeyond(bytes, bits);
        return valid ? new IpRange(address, bits) : null;
    }

    private static boolean hasBitsBeyond(byte[] bytes, int prefixBits) {
        for (int bit = prefixBits; bit < bytes.length * 8; bit++) {
            if ((bytes[bit / 8] & (0x80 >>> (bit % 8))) != 0) {
                return true;
            }
        }
        return false;
    }

    /** The address in network order, 4 or 16 bytes; the caller's to keep. */
    public byte[] addressBytes() {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            throw new AssertionError("checked by the constructor: " + address);
        }
        return bytes;
    }

    @Override
    public String toString() {
        return address + "/" + prefixBits;
    }
}
