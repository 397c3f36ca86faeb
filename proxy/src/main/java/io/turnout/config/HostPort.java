package io.turnout.config;

import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A network address: an IP literal or a host name, and a port. Never resolved here.
 *
 * <p>Immutable.
 *
 * @param host lower case; an IPv6 literal is without its brackets
 * @param port 0 to 65535; 0 lets the system choose when it is bound
 */
public record HostPort(String host, int port) {
    /** RFC 1123 section 2.1; the underscore is for container networks. */
    private static final Pattern NAME =
            Pattern.compile("([a-z0-9_][a-z0-9_-]{0,62}\\.){0,126}[a-z0-9_][a-z0-9_-]{0,62}\\.?");

    private static final int LONGEST_NAME = 253;

    private static final Pattern ONLY_DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");

    public HostPort {
        if (!isHost(host)) {
            throw new IllegalArgumentException("not a host: " + host);
        }
        Require.within("port", port, 0, 65_535);
    }

    /** Reads {@code host:port} or {@code [ipv6]:port}; null when the text is neither. */
    public static @Nullable HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            return null;
        }
        String host = unbracketed(text.substring(0, colon));
        int port = port(text.substring(colon + 1));
        return host == null || port < 0 ? null : new HostPort(host, port);
    }

    /** Reads a port, 0 to 65535, in plain decimal digits; -1 when the text is none. */
    static int port(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int port = Integer.parseInt(text);
        return port <= 65_535 ? port : -1;
    }

    private static @Nullable String unbracketed(String written) {
        String host = written.toLowerCase(Locale.ROOT);
        if (host.startsWith("[") && host.endsWith("]")) {
            String inner = host.substring(1, host.length() - 1);
            return isIpv6(inner) ? inner : null;
        }
        return host.indexOf(':') < 0 && isHost(host) ? host : null;
    }

    private static boolean isHost(String host) {
        if (NetUtil.isValidIpV4Address(host) || isIpv6(host)) {
            return true;
        }
        return host.length() <= LONGEST_NAME
                && NAME.matcher(host).matches()
                && !ONLY_DIGITS_AND_DOTS.matcher(host).matches();
    }

    /** A scope such as {@code %eth0} is of this machine only and has no place in a file that is shared. */
    private static boolean isIpv6(String host) {
        return host.indexOf('%') < 0 && host.indexOf('[') < 0 && NetUtil.isValidIpV6Address(host);
    }

    /** Whether only this machine can reach it: 127.0.0.0/8, ::1 or {@code localhost}. */
    public boolean isLoopback() {
        if (host.equals("localhost")) {
            return true;
        }
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        return address != null && isLoopback(address);
    }

    private static boolean isLoopback(byte[] address) {
        if (address.length == 4) {
            return address[0] == 127;
        }
        int leading = 0;
        while (leading < address.length && address[leading] == 0) {
            leading++;
        }
        // ::ffff:127.0.0.1 is an IPv4 address in the notation of IPv6.
        boolean mapped = leading == 10 && address[10] == -1 && address[11] == -1 && address[12] == 127;
        return mapped || (leading == 15 && address[15] == 1);
    }

    /** Whether it stands for all interfaces of the machine: 0.0.0.0 or ::. */
    public boolean isWildcard() {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        if (address == null) {
            return false;
        }
        int sum = 0;
        for (byte b : address) {
            sum |= b;
        }
        return sum == 0;
    }

    /** Whether the host is an IP address and not a name. */
    public boolean isLiteral() {
        return NetUtil.createByteArrayFromIpAddressString(host) != null;
    }

    /** {@code host:port}, an IPv6 literal in brackets. This text is the address's identity. */
    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
