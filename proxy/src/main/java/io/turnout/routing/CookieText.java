package io.turnout.routing;

/**
 * Finds one cookie in a {@code Cookie} field (RFC 6265 section 4.2.1) without allocating. Stateless.
 *
 * <p>A pair ends at the next semicolon whatever it holds, names are case-sensitive, and the first cookie of a name wins:
 * user agents send the most specific path first. Pairs without an equals sign are skipped. A value in double quotes is
 * taken without them.
 */
final class CookieText {
    private CookieText() {}

    /** Where the value of the first cookie of that name is in the field, or {@link Region#NONE}. */
    static long find(CharSequence field, String name) {
        int length = field.length();
        int from = 0;
        while (from < length) {
            int end = indexOf(field, ';', from, length);
            int start = skipBlanks(field, from, end);
            int equals = indexOf(field, '=', start, end);
            if (equals < end && Octets.equal(field, start, trimEnd(field, start, equals), name)) {
                return value(field, equals + 1, end);
            }
            from = end + 1;
        }
        return Region.NONE;
    }

    private static long value(CharSequence field, int from, int end) {
        int start = skipBlanks(field, from, end);
        int stop = trimEnd(field, start, end);
        if (stop - start >= 2 && field.charAt(start) == '"' && field.charAt(stop - 1) == '"') {
            return Region.of(start + 1, stop - 1);
        }
        return Region.of(start, stop);
    }

    private static int indexOf(CharSequence field, char wanted, int from, int end) {
        int at = from;
        while (at < end && field.charAt(at) != wanted) {
            at++;
        }
        return at;
    }

    private static int skipBlanks(CharSequence field, int from, int end) {
        int at = from;
        while (at < end && isBlank(field.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int trimEnd(CharSequence field, int from, int end) {
        int at = end;
        while (at > from && isBlank(field.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
