package io.turnout.bench.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes frames of HTTP/2 (RFC 9113 section 4.1) as the harness needs them. Stateless. */
public final class H2Frames {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;

    public static final int ACK = 0x1;
    public static final int END_STREAM = 0x1;
    public static final int END_HEADERS = 0x4;
    public static final int PADDED = 0x8;
    public static final int PRIORITY = 0x20;

    public static final int SETTING_HEADER_TABLE_SIZE = 1;
    public static final int SETTING_ENABLE_PUSH = 2;
    public static final int SETTING_INITIAL_WINDOW_SIZE = 4;

    /** Length of a frame's header. */
    public static final int HEADER_BYTES = 9;

    /** Length of one setting in a SETTINGS frame. */
    public static final int SETTING_BYTES = 6;

    /** What a window holds before anybody says otherwise. */
    public static final int DEFAULT_WINDOW = 65_535;

    /** What a client begins its connection with. */
    public static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private H2Frames() {}

    /** The header of a frame whose payload has this length. */
    public static void header(ByteBuf out, int length, int type, int flags, int stream) {
        out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
    }

    /** A SETTINGS frame: identifiers and values in turns. */
    public static void settings(ByteBuf out, int... settings) {
        header(out, settings.length / 2 * SETTING_BYTES, SETTINGS, 0, 0);
        for (int i = 0; i < settings.length; i += 2) {
            out.writeShort(settings[i]).writeInt(settings[i + 1]);
        }
    }

    /** Lets the other side send so many octets more on the connection. */
    public static void windowUpdate(ByteBuf out, int octets) {
        header(out, Integer.BYTES, WINDOW_UPDATE, 0, 0);
        out.writeInt(octets);
    }

    /** Answers SETTINGS or PING with what the payload says, where an answer is due. */
    public static boolean acknowledge(ByteBuf out, int type, int flags, ByteBuf data, int length) {
        if ((flags & ACK) != 0 || (type != SETTINGS && type != PING)) {
            return false;
        }
        int echoed = type == PING ? length : 0;
        header(out, echoed, type, ACK, 0);
        out.writeBytes(data, data.readerIndex(), echoed);
        return true;
    }

    /**
     * A field of a header block that leaves the table of names alone or adds to it (RFC 7541 section 6.2).
     *
     * @param representation the first octet, which says both: 0x40 or 0x00 with the index of a name
     */
    public static void field(ByteBuf out, int representation, String value) {
        out.writeByte(representation).writeByte(value.length());
        out.writeCharSequence(value, StandardCharsets.US_ASCII);
    }
}
