package io.turnout.http;

/** Comma-separated lists in field values (RFC 9110 section 5.6.1), read without allocation. Stateless. */
final class FieldList {
    /** Receives the members of a list. */
    @FunctionalInterface
    interface Member {
        /** One member, white space excluded; answers whether to go on. */
        boolean on(byte[] bytes, int start, int end);
    }

    private FieldList() {}

    /** Whether any field of this meaning lists the lower-case member, letter case and parameters aside. */
    static boolean contains(Fields fields, KnownField field, String lowerCase) {
        for (int i = fields.find(field); i >= 0; i = fields.findFrom(field, i + 1)) {
            if (contains(fields.bytes(), fields.valueStart(i), fields.valueEnd(i), lowerCase)) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(byte[] bytes, int start, int end, String lowerCase) {
        int at = start;
        while (at < end) {
            int comma = comma(bytes, at, end);
            int from = skipBlanks(bytes, at, comma);
            int to = parameters(bytes, from, comma);
            if (Octets.equalsIgnoreCase(bytes, from, to, lowerCase)) {
                return true;
            }
            at = comma + 1;
        }
        return false;
    }

    /** Walks all members of all fields of this meaning. */
    static void forEach(Fields fields, KnownField field, Member member) {
        for (int i = fields.find(field); i >= 0; i = fields.findFrom(field, i + 1)) {
            int at = fields.valueStart(i);
            int end = fields.valueEnd(i);
            while (at < end) {
                int comma = comma(fields.bytes(), at, end);
                int from = skipBlanks(fields.bytes(), at, comma);
                int to = trimBlanks(fields.bytes(), from, comma);
                if (to > from && !member.on(fields.bytes(), from, to)) {
                    return;
                }
                at = comma + 1;
            }
        }
    }

    private static int comma(byte[] bytes, int at, int end) {
        int comma = at;
        while (comma < end && bytes[comma] != ',') {
            comma++;
        }
        return comma;
    }

    private static int skipBlanks(byte[] bytes, int at, int end) {
        int from = at;
        while (from < end && H1HeadReader.isBlank(bytes[from])) {
            from++;
        }
        return from;
    }

    private static int trimBlanks(byte[] bytes, int from, int end) {
        int to = end;
        while (to > from && H1HeadReader.isBlank(bytes[to - 1])) {
            to--;
        }
        return to;
    }

    private static int parameters(byte[] bytes, int from, int end) {
        int semicolon = from;
        while (semicolon < end && bytes[semicolon] != ';') {
            semicolon++;
        }
        return trimBlanks(bytes, from, semicolon);
    }
}
