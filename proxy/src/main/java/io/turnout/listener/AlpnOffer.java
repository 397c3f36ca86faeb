package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.turnout.tls.Alpn;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads which protocols a client's hello offers by ALPN (RFC 7301 section 3.1). Stateless. */
final class AlpnOffer {
    private static final int EXTENSION = 16;
    private static final int VERSION_AND_RANDOM_BYTES = 34;

    private AlpnOffer() {}

    /**
     * Whether the client offers protocols and none of them is one of ours. What is not well formed is left to the
     * handshake itself to refuse.
     *
     * @param hello a ClientHello from its version on (RFC 8446 section 4.1.2); its indices are not moved
     */
    static boolean isForeign(ByteBuf hello) {
        ByteBuf offer = find(hello.slice());
        if (offer == null || !offer.isReadable()) {
            return false;
        }
        while (offer.isReadable()) {
            int length = offer.readUnsignedByte();
            if (length > offer.readableBytes() || isOurs(offer.readSlice(length))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable ByteBuf find(ByteBuf hello) {
        ByteBuf rest = skip(hello, VERSION_AND_RANDOM_BYTES);
        if (vector(rest, 1) == null || vector(rest, 2) == null || vector(rest, 1) == null) {
            return null;
        }
        // Behind the session, the cipher suites and the compression methods.
        ByteBuf extensions = vector(rest, 2);
        while (extensions != null && extensions.readableBytes() >= 4) {
            int type = extensions.readUnsignedShort();
            ByteBuf content = vector(extensions, 2);
            if (type == EXTENSION) {
                return vector(content, 2);
            }
            extensions = content == null ? null : extensions;
        }
        return null;
    }

    private static @Nullable ByteBuf skip(ByteBuf in, int bytes) {
        return in.readableBytes() < bytes ? null : in.skipBytes(bytes);
    }

    /** Takes a vector behind its length (RFC 8446 section 3.4); null when it is not all there. */
    private static @Nullable ByteBuf vector(@Nullable ByteBuf in, int lengthBytes) {
        if (in == null || in.readableBytes() < lengthBytes) {
            return null;
        }
        int length = lengthBytes == 1 ? in.readUnsignedByte() : in.readUnsignedShort();
        return in.readableBytes() < length ? null : in.readSlice(length);
    }

    private static boolean isOurs(ByteBuf name) {
        return Alpn.TO_CLIENTS.contains(name.toString(StandardCharsets.ISO_8859_1));
    }
}
