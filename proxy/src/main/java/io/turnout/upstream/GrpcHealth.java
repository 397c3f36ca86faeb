package io.turnout.upstream;

import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The two messages of {@code grpc.health.v1.Health/Check}, each behind gRPC's prefix of five octets: compressed or not,
 * and the length. They are so small that reading and writing them here costs less than a library. Stateless.
 */
final class GrpcHealth {
    static final AsciiString PATH = AsciiString.cached("/grpc.health.v1.Health/Check");
    static final String SERVING = "SERVING";

    /** Longer answers are no answers of a health service. */
    static final int MAX_ANSWER_BYTES = 4096;

    private static final String INVALID = "a message that is not valid";
    private static final int PREFIX_BYTES = 5;

    /** Field 1 of the request, a string (protocol buffers: number times eight plus wire type). */
    private static final int SERVICE_TAG = 1 << 3 | 2;

    /** Field 1 of the answer, a number. */
    private static final int STATUS_TAG = 1 << 3;

    private GrpcHealth() {}

    /**
     * {@code HealthCheckRequest}.
     *
     * @param service full name, empty for the server as a whole
     */
    static byte[] request(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocate(name.length + 6);
        if (name.length > 0) {
            message.put((byte) SERVICE_TAG);
            putVarint(message, name.length);
            message.put(name);
        }
        message.flip();
        ByteBuffer framed = ByteBuffer.allocate(PREFIX_BYTES + message.limit());
        framed.put((byte) 0).putInt(message.limit()).put(message);
        return framed.array();
    }

    private static void putVarint(ByteBuffer to, int value) {
        int rest = value;
        while (rest >= 0x80) {
            to.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        to.put((byte) rest);
    }

    /** What a {@code HealthCheckResponse} says, in its own words; or what is wrong with it, in ours. */
    static String servingStatus(byte[] framed) {
        ByteBuffer in = ByteBuffer.wrap(framed);
        if (framed.length < PREFIX_BYTES) {
            return "no message";
        }
        if (in.get() != 0 || in.getInt() != in.remaining()) {
            return INVALID;
        }
        long status = 0;
        while (in.hasRemaining()) {
            long tag = varint(in);
            if (tag == STATUS_TAG) {
                status = varint(in);
                if (status < 0) {
                    return INVALID;
                }
            } else if (!skip(in, tag)) {
                return INVALID;
            }
        }
        return name(status);
    }

    private static String name(long status) {
        return switch ((int) Math.min(status, Integer.MAX_VALUE)) {
            case 0 -> "UNKNOWN";
            case 1 -> SERVING;
            case 2 -> "NOT_SERVING";
            case 3 -> "SERVICE_UNKNOWN";
            default -> "serving status " + status;
        };
    }

    /** Passes over a field that we do not know; false if that cannot be done. */
    private static boolean skip(ByteBuffer in, long tag) {
        if (tag < 1 << 3) {
            return false;
        }
        long octets = switch ((int) (tag & 7)) {
            case 0 -> varint(in) < 0 ? -1 : 0;
            case 1 -> Long.BYTES;
            case 2 -> varint(in);
            case 5 -> Integer.BYTES;
            default -> -1;
        };
        if (octets < 0 || octets > in.remaining()) {
            return false;
        }
        in.position(in.position() + (int) octets);
        return true;
    }

    /** A number in groups of seven bits, the lowest first; -1 if it is cut or has more than 63 bits. */
    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE - 1 && in.hasRemaining(); shift += 7) {
            byte group = in.get();
            value |= (long) (group & 0x7f) << shift;
            if (group >= 0) {
                return value;
            }
        }
        return -1;
    }
}
