package io.turnout.telemetry;

/**
 * One line of the access log. Immutable.
 *
 * @param epochMillis when the request head was complete
 * @param client address of the client after trusted hops
 * @param method as written
 * @param target path and query
 * @param protocol {@code HTTP/1.1} and so on
 * @param status status the client got, 0 for none
 * @param bytes octets of the answer's body
 * @param referer empty when there was none
 * @param userAgent empty when there was none
 * @param host as the client named it
 * @param route empty when none matched
 * @param pool empty when none was chosen
 * @param endpoint empty when none was asked
 * @param reason why that pool, empty when none was chosen
 * @param generation number of the snapshot the request lived in
 * @param totalMicros from request head to the end of the answer
 * @param upstreamMicros from request head to the first byte of the answer; -1 for none
 * @param attempts how many attempts were made
 * @param tls version and cipher suite, empty for plain text
 * @param clientCertificate subject of the client's verified certificate, empty for none
 * @param flag why the exchange failed, {@code -} when it did not
 */
public record AccessRecord(
        long epochMillis,
        String client,
        String method,
        String target,
        String protocol,
        int status,
        long bytes,
        String referer,
        String userAgent,
        String host,
        String route,
        String pool,
        String endpoint,
        String reason,
        long generation,
        long totalMicros,
        long upstreamMicros,
        int attempts,
        String tls,
        String clientCertificate,
        String flag) {}
