package io.turnout.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a request's head; all parts must hold.
 *
 * @param hosts lower case, exact or {@code *.example.com}; one must match, empty for any
 * @param path null for any
 * @param methods one must match, empty for any
 * @param headers by lower-case name; all must match
 * @param query by parameter name; all must match
 * @param cookies by name; all must match
 * @param clientCertificate by part of the certificate that the client has proved to own; all must match
 */
public record RequestMatch(
        List<String> hosts,
        @Nullable PathMatch path,
        List<String> methods,
        Map<String, ValueMatch> headers,
        Map<String, ValueMatch> query,
        Map<String, ValueMatch> cookies,
        Map<CertificatePart, ValueMatch> clientCertificate) {

    /** Takes every request. */
    public static final RequestMatch ANY =
            new RequestMatch(List.of(), null, List.of(), Map.of(), Map.of(), Map.of(), Map.of());

    public RequestMatch {
        hosts = List.copyOf(hosts);
        methods = List.copyOf(methods);
        headers = Require.ordered(headers);
        query = Require.ordered(query);
        cookies = Require.ordered(cookies);
        clientCertificate = Require.ordered(clientCertificate);
    }

    /** What of a client certificate is asked for. */
    public enum CertificatePart {
        SUBJECT,
        DNS,
        URI,
        EMAIL,
        FINGERPRINT
    }
}
