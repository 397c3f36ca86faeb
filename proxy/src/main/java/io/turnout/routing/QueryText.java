package io.turnout.routing;

/**
 * Finds and decodes one parameter of a raw query without allocating. Stateless.
 *
 * <p>Reads the query as HTML forms write it ({@code application/x-www-form-urlencoded}): pairs are separated by
 * {@code &}, a plus is a blank, {@code %} and two hex digits are an octet, any other {@code %} stands for itself. The
 * first parameter of a name wins; one without an equals sign has an empty value.
 */
final class QueryText {
    private QueryText() {}

    /** Where the still encoded value of the first parameter of that (decoded) name is, or {@link Region#NONE}. */
    static long find(CharSequence query, String name) {
        int length = query.length();
        int from = 0;
        while (from < length) {
            int end = indexOf(query, '&', from, length);
            int equals = indexOf(query, '=', from, end);
            if (end > from && decodesTo(query, from, equals, name)) {
                return Region.of(Math.min(equals + 1, end), end);
            }
            from = end + 1;
        }
        return Region.NONE;
    }

    /** Whether {@code query[from, to)} decodes to exactly this text. */
    static boolean decodesTo(CharSequence query, int from, int to, String expected) {
        int matched = 0;
        for (int at = from; at < to; at = after(query, at, to)) {
            if (matched == expected.length() || octet(query, at, to) != expected.charAt(matched)) {
                return false;
            }
            matched++;
        }
        return matched == expected.length();
    }

    static String decode(CharSequence query, int from, int to) {
        var text = new StringBuilder(to - from);
        for (int at = from; at < to; at = after(query, at, to)) {
            text.append((char) octet(query, at, to));
        }
        return text.toString();
    }

    /** The decoded octet that begins at this position. */
    static int octet(CharSequence query, int at, int to) {
        char c = query.charAt(at);
        if (c == '+') {
            return ' ';
        }
        return isEscape(query, at, to) ? hex(query.charAt(at + 1)) << 4 | hex(query.charAt(at + 2)) : c;
    }

    /** The position after the octet that begins at this one. */
    static int after(CharSequence query, int at, int to) {
        return isEscape(query, at, to) ? at + 3 : at + 1;
    }

    private static boolean isEscape(CharSequence query, int at, int to) {
        return query.charAt(at) == '%'
                && at + 2 < to
                && hex(query.charAt(at + 1)) >= 0
                && hex(query.charAt(at + 2)) >= 0;
    }

    /** Value of a hex digit, or -1. Not {@link Character#digit}: that accepts digits of every script. */
    private static int hex(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = c | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }

    private static int indexOf(CharSequence query, char wanted, int from, int end) {
        int at = from;
        while (at < end && query.charAt(at) != wanted) {
            at++;
        }
        return at;
    }
}
