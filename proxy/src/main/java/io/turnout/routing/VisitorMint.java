package io.turnout.routing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * Makes the id of a visitor who brought none, out of what all first requests of one page have in common: client address,
 * User-Agent and a slot of time. Requests sent in parallel before the first answer so get one id, land on one side, and
 * agree with the cookie set from it. Immutable.
 *
 * <p>The id is a keyed hash: without the secret nobody can compute the id of somebody else or find an address from an
 * id. Replicas must share the secret. Slots begin at a moment of its own for each client, so that no instant exists at
 * which every open page is split over two ids.
 */
public final class VisitorMint {
    /** Octets of the secret. */
    public static final int SECRET_BYTES = 16;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte STAGGER = 0;
    private static final byte IDENTITY = 1;

    private final long key0;
    private final long key1;
    private final int slotSeconds;

    /**
     * @param secret {@link #SECRET_BYTES} octets, copied
     * @param slotSeconds how long a client without cookie keeps its id, at least 1
     */
    public VisitorMint(byte[] secret, int slotSeconds) {
        if (secret.length != SECRET_BYTES || slotSeconds < 1) {
            throw new IllegalArgumentException("found a secret of " + secret.length + " octets and a slot of "
                    + slotSeconds + " s, expected " + SECRET_BYTES + " octets and at least 1 s");
        }
        key0 = (long) LONG.get(secret, 0);
        key1 = (long) LONG.get(secret, Long.BYTES);
        this.slotSeconds = slotSeconds;
    }

    /**
     * The id of the visitor who sends this request now: 16 lower-case hex digits. Allocates.
     *
     * @param epochSeconds wall-clock time; any constant serves where only determinism matters
     */
    public String idOf(RequestView request, long epochSeconds) {
        byte[] address = request.clientAddress();
        CharSequence agent = request.header("user-agent");
        String userAgent = agent == null ? "" : agent.toString();
        long stagger = Long.remainderUnsigned(hash(STAGGER, 0, address, userAgent), slotSeconds);
        long slot = Math.floorDiv(epochSeconds + stagger, slotSeconds);
        return HexFormat.of().toHexDigits(hash(IDENTITY, slot, address, userAgent));
    }

    /** The address is preceded by its length: no two clients then make the same message. */
    private long hash(byte purpose, long slot, byte[] address, String userAgent) {
        var message = ByteBuffer.allocate(2 + Long.BYTES + address.length + userAgent.length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(purpose)
                .putLong(slot)
                .put((byte) address.length)
                .put(address);
        for (int i = 0; i < userAgent.length(); i++) {
            message.put((byte) userAgent.charAt(i));
        }
        return SipHash24.hash(key0, key1, message.array());
    }
}
