package io.turnout.exchange;

import io.turnout.http.ForwardingRules;
import io.turnout.http.Method;
import io.turnout.http.RequestHead;
import io.turnout.http.Via;
import org.jspecify.annotations.Nullable;

/** Requests that go no further than this proxy, whatever the routes say. */
enum LocalEnd {
    /** It has been here before (RFC 9110 section 7.6.3); 508 as in RFC 5842 section 7.2. */
    LOOP(508, "proxy_loop_detected", "the request has been through this proxy before"),
    /** TRACE would tell a page what its user's browser sends, cookies included (RFC 9110 section 9.3.8). */
    TRACE(405, "http_request_error", "TRACE is not supported"),
    /** OPTIONS that may not be forwarded any more is about this proxy itself (RFC 9110 section 7.6.2). */
    OPTIONS(200, "", "this proxy passes on the methods in Allow and all others but CONNECT and TRACE");

    private final int status;
    private final String error;
    private final String text;

    LocalEnd(int status, String error, String text) {
        this.status = status;
        this.error = error;
        this.text = text;
    }

    /** Why the request ends here, or null when it may go on; counts its {@code Max-Forwards} down. */
    static @Nullable LocalEnd of(RequestHead request) {
        if (Via.loops(request.fields())) {
            return LOOP;
        }
        if (request.method() == Method.TRACE) {
            return TRACE;
        }
        return request.method() == Method.OPTIONS && ForwardingRules.countForwards(request.fields()) ? OPTIONS : null;
    }

    int status() {
        return status;
    }

    String error() {
        return error;
    }

    String text() {
        return text;
    }
}
