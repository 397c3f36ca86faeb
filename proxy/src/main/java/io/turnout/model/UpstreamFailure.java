package io.turnout.model;

/**
 * Why an attempt upstream failed: what happened, what the client is told, and whether another attempt is safe.
 *
 * <p>The label appears in {@code Proxy-Status}, metrics and the access log; it follows the error types of RFC 9209
 * section 2.3 where one fits.
 */
public enum UpstreamFailure {
    /** The pool has no endpoint that may be asked. */
    NO_ENDPOINT("destination_unavailable", Outcome.UNAVAILABLE, 503, Sent.NOTHING),
    /** The pool's connections and its waiting room are full. */
    POOL_FULL("connection_limit_reached", Outcome.UNAVAILABLE, 503, Sent.NOTHING),
    /** The endpoint refused the connection or cannot be reached. */
    CONNECT_REFUSED("connection_refused", Outcome.CONNECT_FAILED, 502, Sent.NOTHING),
    /** The endpoint did not answer the connection attempt in time. */
    CONNECT_TIMEOUT("connection_timeout", Outcome.CONNECT_FAILED, 504, Sent.NOTHING),
    /** The endpoint's certificate is not to be trusted, or stands for another name. */
    TLS_CERTIFICATE("tls_certificate_error", Outcome.CONNECT_FAILED, 502, Sent.NOTHING),
    /** There was no TLS to be had with the endpoint, for another reason. */
    TLS_PROTOCOL("tls_protocol_error", Outcome.CONNECT_FAILED, 502, Sent.NOTHING),
    /** The endpoint gave the request back unread, as HTTP/2 lets it (RFC 9113 section 8.7). */
    REFUSED("http_request_refused", Outcome.UNAVAILABLE, 503, Sent.NOTHING),
    /** The client asked for a WebSocket where there is none, in a way that only yes or no can answer. Nobody is to blame. */
    UPGRADE_FAILED("http_upgrade_failed", Outcome.CLIENT_ERROR, 502, Sent.SOMETHING),
    /** The connection died after the request, or part of it, was written and before the answer began. */
    RESET("connection_terminated", Outcome.RESET, 502, Sent.SOMETHING),
    /** The answer did not begin in time. */
    RESPONSE_TIMEOUT("http_response_timeout", Outcome.TIMEOUT, 504, Sent.SOMETHING),
    /** The answer began and then stood still for too long. */
    STALLED("connection_read_timeout", Outcome.TIMEOUT, 504, Sent.SOMETHING),
    /** The exchange as a whole took longer than the route allows. */
    TOTAL_TIMEOUT("http_request_timeout", Outcome.TIMEOUT, 504, Sent.SOMETHING),
    /** What came back was not an answer that may be passed on. */
    INVALID_ANSWER("http_protocol_error", Outcome.INVALID_ANSWER, 502, Sent.SOMETHING),
    /** The answer began and its connection ended before it was complete. */
    TRUNCATED("http_response_incomplete", Outcome.TRUNCATED, 502, Sent.SOMETHING);

    /** How much of the request may have reached the endpoint. */
    public enum Sent {
        /** Not an octet: any request may be sent again. */
        NOTHING,
        /** Perhaps all of it: only an idempotent request may be sent again. */
        SOMETHING
    }

    private final String label;
    private final Outcome outcome;
    private final int status;
    private final Sent sent;

    UpstreamFailure(String label, Outcome outcome, int status, Sent sent) {
        this.label = label;
        this.outcome = outcome;
        this.status = status;
        this.sent = sent;
    }

    /** Stable name, lower case with underscores. */
    public String label() {
        return label;
    }

    /** How it counts. */
    public Outcome outcome() {
        return outcome;
    }

    /** Status code a client gets while the answer has not begun. */
    public int status() {
        return status;
    }

    /** How much of the request may have reached the endpoint. */
    public Sent sent() {
        return sent;
    }
}
