package io.turnout.upstream;

import io.netty.util.NetUtil;
import io.turnout.snapshot.Announcement;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes the PROXY protocol's header, version 1 and 2, as its specification of 2020 has it. Stateless. */
public final class ClientPreamble {
    private static final byte[] V2_START = Arrays.copyOf(Announcement.V2.ofNobody(), 12);
    private static final int V2_PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;

    private ClientPreamble() {}

    /**
     * The preamble of a client.
     *
     * @param client its address, 4 or 16 octets
     * @param clientPort 0 when only its address is known
     * @param address where it, or the last proxy before us, has connected to; null when that is not known any more
     */
    public static byte[] of(Announcement version, byte[] client, int clientPort, @Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress local)) {
            return version.ofNobody();
        }
        byte[] from = client;
        byte[] to = local.getAddress().getAddress();
        if (from.length != to.length) {
            // One family for both (section 2.2); every IPv4 address has its place in IPv6.
            from = inIpv6(from);
            to = inIpv6(to);
        }
        return version == Announcement.V1
                ? v1(from, to, clientPort, local.getPort())
                : v2(from.length == 4 ? TCP4 : TCP6, addresses(from, to, clientPort, local.getPort()));
    }

    private static byte[] v1(byte[] from, byte[] to, int fromPort, int toPort) {
        String family = from.length == 4 ? "TCP4 " : "TCP6 ";
        return ascii("PROXY " + family + text(from) + ' ' + text(to) + ' ' + fromPort + ' ' + toPort + "\r\n");
    }

    private static byte[] v2(int family, byte[] rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(V2_START.length + 4 + rest.length);
        out.writeBytes(V2_START);
        out.write(V2_PROXY);
        out.write(family);
        writePort(out, rest.length);
        out.writeBytes(rest);
        return out.toByteArray();
    }

    private static byte[] addresses(byte[] from, byte[] to, int fromPort, int toPort) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(from.length + to.length + 4);
        out.writeBytes(from);
        out.writeBytes(to);
        writePort(out, fromPort);
        writePort(out, toPort);
        return out.toByteArray();
    }

    /** Two octets, the higher first. */
    private static void writePort(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }

    private static byte[] inIpv6(byte[] address) {
        if (address.length == 16) {
            return address;
        }
        byte[] mapped = new byte[16];
        Arrays.fill(mapped, 10, 12, (byte) 0xff);
        System.arraycopy(address, 0, mapped, 12, 4);
        return mapped;
    }

    /** The JDK would write a mapped address as IPv4, which does not belong behind TCP6. */
    private static String text(byte[] address) {
        return address.length == 16 && Arrays.equals(address, 0, 12, inIpv6(new byte[4]), 0, 12)
                ? "::ffff:" + NetUtil.bytesToIpAddress(Arrays.copyOfRange(address, 12, 16))
                : NetUtil.bytesToIpAddress(address);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
