package io.turnout.model;

/**
 * How one attempt against a variant ended, as metrics, access log and guard see it.
 *
 * <p>The label is the value of the metric label {@code outcome} and part of the published contract.
 */
public enum Outcome {
    /** A final answer with a status below 400 (gRPC: status 0), delivered whole. */
    SUCCESS("success", false),
    /** A final answer with a 4xx status: the client's fault as far as a proxy can tell. */
    CLIENT_ERROR("client_error", false),
    /** A final answer with a 5xx status, or a failing gRPC status. */
    SERVER_ERROR("server_error", true),
    /** No connection could be opened: refused, unreachable, or not within the connect timeout. */
    CONNECT_FAILED("connect_failed", true),
    /** The upstream connection died before the first byte of an answer. */
    RESET("reset", true),
    /** No first byte, no progress, or no end within the time allowed. */
    TIMEOUT("timeout", true),
    /** The answer began and was cut off before its end. */
    TRUNCATED("truncated", true),
    /** What came back was not an HTTP answer we may pass on. */
    INVALID_ANSWER("invalid_answer", true),
    /** The variant had no usable endpoint, or no room for another request. */
    UNAVAILABLE("unavailable", true),
    /** The client left before the answer was complete. Not charged to the variant. */
    CLIENT_GONE("client_gone", false);

    private final String label;
    private final boolean chargedToVariant;

    Outcome(String label, boolean chargedToVariant) {
        this.label = label;
        this.chargedToVariant = chargedToVariant;
    }

    /** Lower-case name used in metrics and logs. */
    public String label() {
        return label;
    }

    /** Whether this counts as an error of the variant that was asked. */
    public boolean chargedToVariant() {
        return chargedToVariant;
    }

    /** The outcome of an answer that arrived whole with this final status code (200 to 599). */
    public static Outcome ofStatus(int status) {
        if (status >= 500) {
            return SERVER_ERROR;
        }
        return status >= 400 ? CLIENT_ERROR : SUCCESS;
    }
}
