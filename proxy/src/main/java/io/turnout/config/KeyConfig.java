package io.turnout.config;

/**
 * What of a request is hashed, so that the same user stays on the same side.
 *
 * @param name of the cookie, header (lower case) or query parameter; empty for the client address
 * @param generate whether a visitor without the cookie is given one; only with {@link Source#COOKIE}
 * @param salt put before the key, so that two splits do not pick the same users; the route's name unless given
 */
public record KeyConfig(Source source, String name, boolean generate, String salt) {
    /** Where the key is found. */
    public enum Source {
        COOKIE,
        HEADER,
        QUERY,
        /** The client's address behind trusted proxies; of IPv6 the first 64 bits. */
        CLIENT_ADDRESS
    }

    public KeyConfig {
        if (name.isEmpty() != (source == Source.CLIENT_ADDRESS)) {
            throw new IllegalArgumentException("name " + name + " does not suit source " + source);
        }
        if (generate && source != Source.COOKIE) {
            throw new IllegalArgumentException("only a cookie can be generated");
        }
    }

    /** The same when a salt was given, else with this one. */
    KeyConfig orSalt(String byDefault) {
        return salt.isEmpty() ? new KeyConfig(source, name, generate, byDefault) : this;
    }
}
