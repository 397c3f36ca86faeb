package io.turnout.snapshot;

/**
 * A block of IP addresses (CIDR). Immutable.
 *
 * @param address 4 or 16 octets
 * @param prefixBits leading bits that must agree
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out, never compared
public record AddressRange(byte[] address, int prefixBits) {
    public AddressRange {
        address = address.clone();
        if (prefixBits < 0 || prefixBits > address.length * 8) {
            throw new IllegalArgumentException(
                    "found prefix of " + prefixBits + " bits in " + address.length + " octets");
        }
    }

    /** Whether the address, 4 or 16 octets, lies in the block. */
    public boolean contains(byte[] candidate) {
        if (candidate.length != address.length) {
            return false;
        }
        int whole = prefixBits / 8;
        for (int i = 0; i < whole; i++) {
            if (candidate[i] != address[i]) {
                return false;
            }
        }
        int rest = prefixBits % 8;
        return rest == 0 || ((candidate[whole] ^ address[whole]) & (0xff00 >> rest) & 0xff) == 0;
    }
}
