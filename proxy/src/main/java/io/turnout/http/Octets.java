package io.turnout.http;

/** Character classes and comparisons of RFC 9110 section 5.6 and RFC 3986, on single octets. Stateless. */
final class Octets {
    private static final int TOKEN = 1;
    private static final int HOST = 2;
    private static final int PATH = 4;
    private static final int QUERY = 8;
    private static final int DIGIT = 16;
    private static final int UNRESERVED = 32;

    private static final byte[] CLASSES = new byte[256];
    private static final byte[] HEX = new byte[256];

    static {
        for (int c = 0x21; c <= 0x7e; c++) {
            boolean alphanumeric = Character.isLetterOrDigit(c);
            mark(c, TOKEN, alphanumeric || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
            mark(c, HOST, alphanumeric || "-._~".indexOf(c) >= 0);
            mark(c, UNRESERVED, alphanumeric || "-._~".indexOf(c) >= 0);
            mark(c, DIGIT, c >= '0' && c <= '9');
            // RFC 3986 forbids more than this, but browsers send | { } ^ and ` as they are; the backslash, quotes and
            // angle brackets are refused because some origins read them as something else.
            mark(c, PATH, "\"<>\\#?".indexOf(c) < 0);
            mark(c, QUERY, c != '#');
        }
        for (int c = 0; c < 256; c++) {
            HEX[c] = (byte) Character.digit(c, 16);
        }
    }

    private Octets() {}

    private static void mark(int octet, int octetClass, boolean member) {
        if (member) {
            CLASSES[octet] |= (byte) octetClass;
        }
    }

    static boolean isToken(byte b) {
        return (CLASSES[b & 0xff] & TOKEN) != 0;
    }

    static boolean isHost(byte b) {
        return (CLASSES[b & 0xff] & HOST) != 0;
    }

    static boolean isPath(byte b) {
        return (CLASSES[b & 0xff] & PATH) != 0;
    }

    static boolean isQuery(byte b) {
        return (CLASSES[b & 0xff] & QUERY) != 0;
    }

    static boolean isDigit(byte b) {
        return (CLASSES[b & 0xff] & DIGIT) != 0;
    }

    static boolean isUnreserved(int octet) {
        return (CLASSES[octet & 0xff] & UNRESERVED) != 0;
    }

    /** Value of a hexadecimal digit, or -1. */
    static int hex(byte b) {
        return HEX[b & 0xff];
    }

    static boolean isToken(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (!isToken(bytes[i])) {
                return false;
            }
        }
        return end > start;
    }

    static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }

    /** Whether the octets equal the lower-case ASCII text, letter case aside. */
    static boolean equalsIgnoreCase(byte[] bytes, int start, int end, CharSequence lowerCase) {
        int length = end - start;
        if (length != lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(bytes[start + i]) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether two stretches of octets are the same, ASCII letter case aside. */
    static boolean equalsIgnoreCase(byte[] a, int aStart, int aEnd, byte[] b, int bStart, int bEnd) {
        if (aEnd - aStart != bEnd - bStart) {
            return false;
        }
        for (int i = 0; i < aEnd - aStart; i++) {
            if (lower(a[aStart + i]) != lower(b[bStart + i])) {
                return false;
            }
        }
        return true;
    }
}
