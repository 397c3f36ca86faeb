package io.turnout.config;

/**
 * A member of a pool, or a name that stands for several.
 *
 * @param address host and port 1 to 65535
 * @param dns whether the name is resolved again and again and all its addresses are members
 */
public record EndpointConfig(HostPort address, boolean dns) {
    static final String DNS_SCHEME = "dns://";

    public EndpointConfig {
        Require.within("endpoint port", address.port(), 1, 65_535);
    }

    /** As written in the file, {@code host:port} or {@code dns://name:port}; the endpoint's identity. */
    @Override
    public String toString() {
        return dns ? DNS_SCHEME + address : address.toString();
    }
}
