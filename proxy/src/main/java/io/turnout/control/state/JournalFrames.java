package io.turnout.control.state;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * How records lie in the journal's bytes: one line each, of the payload's length and its CRC-32C in eight hex digits, and
 * the payload. Stateless.
 *
 * <p>So a record that was not written to its end is told from a whole one, and the file stays readable for people.
 */
final class JournalFrames {
    private static final HexFormat HEX = HexFormat.of();
    private static final int HEX_DIGITS = 8;
    private static final int HEADER_BYTES = 2 * (HEX_DIGITS + 1);

    private JournalFrames() {}

    /**
     * The records before the first one that is torn or corrupt.
     *
     * @param wholeBytes length of the part of the file they take
     */
    record Scan(List<byte[]> payloads, int wholeBytes) {}

    /** The payload as it is written; it must not hold a line feed. */
    static byte[] frame(byte[] payload) {
        byte[] frame = Arrays.copyOf(header(payload, 0, payload.length), HEADER_BYTES + payload.length + 1);
        System.arraycopy(payload, 0, frame, HEADER_BYTES, payload.length);
        frame[frame.length - 1] = '\n';
        return frame;
    }

    private static byte[] header(byte[] bytes, int start, int length) {
        byte[] lengthHex = HEX.toHexDigits(length).getBytes(StandardCharsets.US_ASCII);
        CRC32C crc = new CRC32C();
        crc.update(lengthHex, 0, lengthHex.length);
        crc.update(bytes, start, length);
        String sum = HEX.toHexDigits((int) crc.getValue());
        return (HEX.toHexDigits(length) + " " + sum + " ").getBytes(StandardCharsets.US_ASCII);
    }

    static Scan scan(byte[] file) {
        List<byte[]> payloads = new ArrayList<>();
        int at = 0;
        int length = lengthAt(file, at);
        while (length >= 0) {
            int payload = at + HEADER_BYTES;
            payloads.add(Arrays.copyOfRange(file, payload, payload + length));
            at = payload + length + 1;
            length = lengthAt(file, at);
        }
        return new Scan(payloads, at);
    }

    /** Length of the payload of the record that begins here; -1 if no whole one does. */
    private static int lengthAt(byte[] file, int at) {
        int payload = at + HEADER_BYTES;
        if (payload >= file.length) {
            return -1;
        }
        int length = 0;
        for (int i = at; i < at + HEX_DIGITS; i++) {
            int digit = Character.digit(file[i], 16);
            // A length that does not fit what is left of the file is torn, whatever its further digits say.
            if (digit < 0 || length > file.length) {
                return -1;
            }
            length = length << 4 | digit;
        }
        long end = (long) payload + length;
        if (length < 0 || end >= file.length || file[(int) end] != '\n') {
            return -1;
        }
        byte[] expected = header(file, payload, length);
        return Arrays.equals(expected, 0, HEADER_BYTES, file, at, payload) ? length : -1;
    }
}
