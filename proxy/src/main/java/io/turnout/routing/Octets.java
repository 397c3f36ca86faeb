package io.turnout.routing;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Text in the form of {@link RequestView}: one character per octet. Stateless. */
final class Octets {
    private Octets() {}

    /** The UTF-8 octets of a text, one character each; ASCII is returned as it is. */
    static String of(String text) {
        return text.chars().allMatch(c -> c < 0x80)
                ? text
                : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** As {@link #of}, with ASCII letters in lower case: for names that HTTP compares without case. */
    static String lowerCase(String text) {
        return of(text.toLowerCase(Locale.ROOT));
    }

    /** The text whose UTF-8 octets these are. */
    static String toText(CharSequence octets) {
        return new String(octets.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    static boolean equal(CharSequence text, int from, int to, String expected) {
        if (to - from != expected.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i) != expected.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    static boolean equal(CharSequence text, String expected) {
        return equal(text, 0, text.length(), expected);
    }
}
