package io.turnout.routing;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request described by text rather than received: for explanations and tests. Immutable. */
public final class DescribedRequest implements RequestView {
    private final String method;
    private final String host;
    private final String path;
    private final String query;
    private final Map<String, String> headers;
    private final byte[] clientAddress;

    private DescribedRequest(
            String method, String host, String path, String query, Map<String, String> headers, byte[] clientAddress) {
        this.method = method;
        this.host = host;
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.clientAddress = clientAddress;
    }

    /**
     * A request without headers from an unknown client.
     *
     * @param target a normalised path, with or without a query
     */
    public static DescribedRequest of(String method, String host, String target) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        return new DescribedRequest(
                Octets.of(method), Octets.lowerCase(host), Octets.of(path), Octets.of(query), Map.of(), new byte[0]);
    }

    /** The same request with one more header, or another value of one it has. Names have no case. */
    public DescribedRequest with(String header, String value) {
        var more = new HashMap<>(headers);
        more.put(Octets.lowerCase(header), Octets.of(value.strip()));
        return new DescribedRequest(method, host, path, query, more, clientAddress);
    }

    /**
     * The same request from this client.
     *
     * @param address 4 or 16 octets in network order, copied
     */
    public DescribedRequest from(byte... address) {
        return new DescribedRequest(method, host, path, query, headers, address.clone());
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String query() {
        return query;
    }

    @Override
    public @Nullable String header(CharSequence lowerCaseName) {
        return headers.get(lowerCaseName.toString());
    }

    /** Not a copy: requests are read, never changed. */
    @Override
    public byte[] clientAddress() {
        return clientAddress;
    }
}
