package io.turnout.routing;

import com.google.re2j.Pattern;

/** What a header, cookie or query parameter must look like. Immutable. */
public sealed interface ValueMatch {
    /** Whether {@code text[from, to)} is as wanted. Allocates only for a regular expression. */
    boolean matches(CharSequence text, int from, int to);

    /** The value as a whole, case-sensitive. */
    record Exact(String value) implements ValueMatch {
        public Exact {
            value = Octets.of(value);
        }

        @Override
        public boolean matches(CharSequence text, int from, int to) {
            return Octets.equal(text, from, to, value);
        }

        @Override
        public String toString() {
            return '"' + value + '"';
        }
    }

    /** A regular expression that the whole value must match, in time linear in its length. */
    record Regex(Pattern pattern) implements ValueMatch {
        /**
         * Compiles RE2 syntax.
         *
         * @throws com.google.re2j.PatternSyntaxException if it is none
         */
        public static Regex of(String pattern) {
            return new Regex(Pattern.compile(Octets.of(pattern)));
        }

        @Override
        public boolean matches(CharSequence text, int from, int to) {
            CharSequence part = from == 0 && to == text.length() ? text : text.subSequence(from, to);
            return pattern.matcher(part).matches();
        }

        @Override
        public String toString() {
            return '/' + pattern.pattern() + '/';
        }
    }

    /** Any value, also an empty one. */
    record Present() implements ValueMatch {
        @Override
        public boolean matches(CharSequence text, int from, int to) {
            return true;
        }

        @Override
        public String toString() {
            return "present";
        }
    }
}
