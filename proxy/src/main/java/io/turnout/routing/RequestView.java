package io.turnout.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What routing may ask of a request. The data plane implements it over the bytes it received, {@link DescribedRequest}
 * over text.
 *
 * <p>Every character is one octet as received, 0 to 255: text beyond ASCII appears as its UTF-8 octets. Returned values
 * are valid during the call only, and routing neither keeps nor changes them.
 */
public interface RequestView {
    /** The method, case-sensitive. */
    CharSequence method();

    /** The host that was asked for: lower case, without port and without trailing dot; empty if none. */
    CharSequence host();

    /** The normalised path without query: starts with {@code /}, or is {@code *}. The same form is sent upstream. */
    CharSequence path();

    /** The raw query without its question mark; empty if none. */
    CharSequence query();

    /**
     * First value of a header, trimmed; null if the request has none. Repeated {@code cookie} fields are joined with
     * {@code "; "} by the implementation (RFC 9113 section 8.2.3).
     */
    @Nullable
    CharSequence header(CharSequence lowerCaseName);

    /** What the client's verified certificate says in a part; empty when it showed none. */
    default List<String> clientCertificate(CertificatePart part) {
        return List.of();
    }

    /** Address of the client behind trusted hops: 4 or 16 octets in network order, empty if unknown. */
    byte[] clientAddress();
}
