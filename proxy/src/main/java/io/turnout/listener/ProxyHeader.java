package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import io.turnout.snapshot.ProxyPreambles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the PROXY protocol's header, version 1 and 2, as its specification of 2020 has it, and nothing that only looks
 * like it. Stateless.
 */
final class ProxyHeader {
    /** Longest header of version 1 with its line end (section 2.1). */
    private static final int LONGEST_V1 = 107;

    /** More than any sender fills; the specification allows 65,535 octets behind the fixed part. */
    private static final int LONGEST_V2_REST = 4096;

    private static final byte[] V1_START = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2_START = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final int V2_FIXED = 16;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int UNIX_STREAM = 0x31;
    private static final int UNSPECIFIED = 0;
    private static final int TYPE_CRC32C = 3;
    private static final int UNIX_BYTES = 216;

    private ProxyHeader() {}

    /** What has been read. */
    sealed interface Reading {
        /** More octets are needed; none have been taken. */
        record Partial() implements Reading {}

        /** It is not a header. */
        record Malformed() implements Reading {}

        /**
         * The header has been taken.
         *
         * @param source of the connection it speaks for; null when it speaks for none, as checks of health do
         */
        record Complete(@Nullable InetSocketAddress source) implements Reading {}
    }

    private static final Reading PARTIAL = new Reading.Partial();
    private static final Reading MALFORMED = new Reading.Malformed();
    private static final Reading FOR_NOBODY = new Reading.Complete(null);

    static Reading read(ByteBuf in, ProxyPreambles expected) {
        boolean v1 = expected != ProxyPreambles.V2 && startsLike(in, V1_START);
        boolean v2 = expected != ProxyPreambles.V1 && startsLike(in, V2_START);
        if (v1) {
            return in.readableBytes() < V1_START.length ? PARTIAL : readV1(in);
        }
        if (v2) {
            return in.readableBytes() < V2_FIXED ? PARTIAL : readV2(in);
        }
        return MALFORMED;
    }

    private static boolean startsLike(ByteBuf in, byte[] start) {
        int length = Math.min(in.readableBytes(), start.length);
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static Reading readV1(ByteBuf in) {
        int limit = Math.min(in.readableBytes(), LONGEST_V1);
        int end = in.indexOf(in.readerIndex(), in.readerIndex() + limit, (byte) '\n');
        if (end < 0) {
            return limit == LONGEST_V1 ? MALFORMED : PARTIAL;
        }
        String line = in.readCharSequence(end + 1 - in.readerIndex(), StandardCharsets.ISO_8859_1)
                .toString();
        if (!line.endsWith("\r\n") || line.indexOf('\r') != line.length() - 2) {
            return MALFORMED;
        }
        String[] parts = line.substring(0, line.length() - 2).split(" ", -1);
        if (parts[1].equals("UNKNOWN")) {
            // What follows is to be ignored (section 2.1).
            return FOR_NOBODY;
        }
        boolean four = parts[1].equals("TCP4");
        if (parts.length != 6 || !(four || parts[1].equals("TCP6"))) {
            return MALFORMED;
        }
        InetAddress source = address(parts[2], four);
        int port = port(parts[4]);
        if (source == null || address(parts[3], four) == null || port < 0 || port(parts[5]) < 0) {
            return MALFORMED;
        }
        return new Reading.Complete(new InetSocketAddress(source, port));
    }

    private static @Nullable InetAddress address(String text, boolean four) {
        boolean valid = four ? isPlainIpv4(text) : text.indexOf('%') < 0 && NetUtil.isValidIpV6Address(text);
        byte[] octets = valid ? NetUtil.createByteArrayFromIpAddressString(text) : null;
        return octets == null ? null : address(octets);
    }

    /** Without leading zeros, which some read as octal. */
    private static boolean isPlainIpv4(String text) {
        return NetUtil.isValidIpV4Address(text) && !text.matches("(.*\\.)?0[0-9].*");
    }

    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of " + octets.length + " octets", e);
        }
    }

    private static int port(String text) {
        if (!text.matches("0|[1-9][0-9]{0,4}")) {
            return -1;
        }
        int port = Integer.parseInt(text);
        return port <= 65_535 ? port : -1;
    }

    private static Reading readV2(ByteBuf in) {
        int at = in.readerIndex();
        int versionAndCommand = in.getUnsignedByte(at + 12);
        int family = in.getUnsignedByte(at + 13);
        int rest = in.getUnsignedShort(at + 14);
        boolean local = versionAndCommand == 0x20;
        if ((!local && versionAndCommand != 0x21) || rest > LONGEST_V2_REST) {
            return MALFORMED;
        }
        if (in.readableBytes() < V2_FIXED + rest) {
            return PARTIAL;
        }
        ByteBuf header = in.readSlice(V2_FIXED + rest);
        if (local) {
            return FOR_NOBODY;
        }
        int addresses = switch (family) {
            case TCP4 -> 12;
            case TCP6 -> 36;
            case UNIX_STREAM -> UNIX_BYTES;
            case UNSPECIFIED -> 0;
            default -> -1;
        };
        if (addresses < 0 || rest < addresses) {
            return MALFORMED;
        }
        if (family != UNSPECIFIED && !hasValidTail(header, V2_FIXED + addresses)) {
            return MALFORMED;
        }
        return family == TCP4 || family == TCP6 ? new Reading.Complete(source(header, family)) : FOR_NOBODY;
    }

    private static InetSocketAddress source(ByteBuf header, int family) {
        int length = family == TCP4 ? 4 : 16;
        byte[] octets = new byte[length];
        header.getBytes(header.readerIndex() + V2_FIXED, octets);
        return new InetSocketAddress(
                address(octets), header.getUnsignedShort(header.readerIndex() + V2_FIXED + 2 * length));
    }

    /** Every extension fits, and a checksum among them is right (section 2.2.3). */
    private static boolean hasValidTail(ByteBuf header, int from) {
        int at = from;
        int end = header.readableBytes();
        while (at < end) {
            if (at + 3 > end) {
                return false;
            }
            int start = header.readerIndex() + at;
            int type = header.getUnsignedByte(start);
            int length = header.getUnsignedShort(start + 1);
            if (at + 3 + length > end || (type == TYPE_CRC32C && !hasChecksum(header, at + 3, length))) {
                return false;
            }
            at += 3 + length;
        }
        return true;
    }

    private static boolean hasChecksum(ByteBuf header, int at, int length) {
        if (length != 4) {
            return false;
        }
        byte[] octets = new byte[header.readableBytes()];
        header.getBytes(header.readerIndex(), octets);
        long found = header.getUnsignedInt(header.readerIndex() + at);
        java.util.Arrays.fill(octets, at, at + 4, (byte) 0);
        CRC32C sum = new CRC32C();
        sum.update(octets);
        return sum.getValue() == found;
    }
}
