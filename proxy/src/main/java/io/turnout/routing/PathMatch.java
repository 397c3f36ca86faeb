package io.turnout.routing;

import com.google.re2j.Pattern;

/**
 * What the path must look like. Paths are given in the normalised form of {@link RequestView#path}; whoever compiles a
 * configuration normalises them with the same function as requests. Immutable.
 */
public sealed interface PathMatch {
    /** Every path. Less specific than a regular expression. */
    PathMatch ANY = new Any();

    boolean matches(CharSequence path);

    /** The whole path, case-sensitive. */
    record Exact(String path) implements PathMatch {
        public Exact {
            path = requireRooted(path);
        }

        @Override
        public boolean matches(CharSequence text) {
            return Octets.equal(text, path);
        }

        @Override
        public String toString() {
            return "path " + path;
        }
    }

    /**
     * Whole segments from the start, as in the Gateway API: {@code /shop} and {@code /shop/} both match {@code /shop},
     * {@code /shop/} and {@code /shop/x}, not {@code /shopping}. {@code /} matches all. Kept without trailing slash.
     */
    record Prefix(String path) implements PathMatch {
        public Prefix {
            path = withoutTrailingSlash(requireRooted(path));
        }

        @Override
        public boolean matches(CharSequence text) {
            int length = path.length();
            if (length == 0) {
                return true;
            }
            return text.length() >= length
                    && Octets.equal(text, 0, length, path)
                    && (text.length() == length || text.charAt(length) == '/');
        }

        @Override
        public String toString() {
            return "path prefix " + (path.isEmpty() ? "/" : path);
        }
    }

    /** A regular expression that the whole path must match, in time linear in its length. */
    record Regex(Pattern pattern) implements PathMatch {
        /**
         * Compiles RE2 syntax.
         *
         * @throws com.google.re2j.PatternSyntaxException if it is none
         */
        public static Regex of(String pattern) {
            return new Regex(Pattern.compile(Octets.of(pattern)));
        }

        @Override
        public boolean matches(CharSequence text) {
            return pattern.matcher(text).matches();
        }

        @Override
        public String toString() {
            return "path regex " + pattern.pattern();
        }
    }

    /** See {@link #ANY}. */
    record Any() implements PathMatch {
        @Override
        public boolean matches(CharSequence text) {
            return true;
        }

        @Override
        public String toString() {
            return "any path";
        }
    }

    private static String requireRooted(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("found path \"" + path + "\", expected one that starts with /");
        }
        return Octets.of(path);
    }

    private static String withoutTrailingSlash(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }
}
