package io.turnout.routing;

/** Where the key of a keyed split is found in a request. Immutable. */
public sealed interface KeySource {
    /** The header that {@link Cookie} is read from. */
    String COOKIE_HEADER = "cookie";

    /** The value of the first cookie of that name. */
    record Cookie(String name) implements KeySource {
        public Cookie {
            name = requireName(Octets.of(name));
        }

        @Override
        public String toString() {
            return "cookie " + name;
        }
    }

    /** The first value of a header. */
    record Header(String name) implements KeySource {
        public Header {
            name = requireName(Octets.lowerCase(name));
        }

        @Override
        public String toString() {
            return "header " + name;
        }
    }

    /** The decoded value of the first query parameter of that name. */
    record Query(String name) implements KeySource {
        public Query {
            name = requireName(Octets.of(name));
        }

        @Override
        public String toString() {
            return "query parameter " + name;
        }
    }

    /** The client's IPv4 address, or the /64 of its IPv6 address. */
    record ClientAddress() implements KeySource {
        @Override
        public String toString() {
            return "client address";
        }
    }

    private static String requireName(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a key taken from a request needs a name");
        }
        return name;
    }
}
